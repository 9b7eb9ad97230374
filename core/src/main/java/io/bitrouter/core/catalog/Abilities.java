package io.bitrouter.core.catalog;

import java.util.List;
import java.util.Optional;

/**
 * What a model can be given and asked for.
 *
 * @param input kinds of input that it is known to read: {@code text}, {@code image}, {@code audio},
 *     {@code file}
 * @param schemas whether it can be given a JSON schema for its answer; empty when nobody says
 */
public record Abilities(List<String> input, Optional<Boolean> schemas) {

  /** Kinds of input that there are. */
  public static final List<String> INPUTS = List.of("text", "image", "audio", "file");

  /** Those of a model of which nothing is known. */
  public static final Abilities UNKNOWN = new Abilities(List.of("text"), Optional.empty());
}
