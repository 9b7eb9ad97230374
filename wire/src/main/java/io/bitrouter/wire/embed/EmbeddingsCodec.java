package io.bitrouter.wire.embed;

import io.bitrouter.core.catalog.Model;
import tools.jackson.core.JsonParser;

/** How upstreams of one protocol are asked for vectors. Thread-safe. */
public interface EmbeddingsCodec {

  /** Path below the provider's base for texts of any number. */
  String path(Model model);

  /** The body that asks for a vector of each text. */
  byte[] write(Texts texts, Model model);

  /** Reads the member {@code name} of an answer, at whose value the parser stands. */
  void read(String name, JsonParser json, Vectors into);
}
