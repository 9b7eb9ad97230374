package io.bitrouter.wire.translate;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.gateway.HeaderField;
import java.util.List;

/**
 * How upstreams of one protocol are talked to. They are always asked for a stream. Stateless and
 * thread-safe.
 */
public interface UpstreamCodec {

  /** Path of a streamed call below the provider's base, with its query: {@code /messages}. */
  String path(Model model);

  /** Headers that the protocol wants. */
  List<HeaderField> headers();

  /** Names of tools that the upstream takes; {@link #write} gets no others. */
  default NameRule toolNames() {
    return NameRule.COMMON;
  }

  /**
   * Whether {@code model} can be given a JSON schema for its answer; {@link #write} gets none for
   * one that cannot.
   */
  default boolean takesSchemas(Model model) {
    return model.abilities().schemas().orElse(true);
  }

  /**
   * Writes a request for a stream with usage.
   *
   * @param notes takes what the upstream cannot be told, when the request can do without it
   * @throws Untranslatable when the request cannot do without it
   */
  byte[] write(InferenceRequest request, Model model, Notes notes);

  /**
   * Reads one streamed answer.
   *
   * @param callIdPrefix what ids of calls begin with where the protocol has none; no other answer
   *     has the same
   */
  ReplyReader reader(String callIdPrefix);
}
