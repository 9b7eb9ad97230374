package io.bitrouter.core.exchange;

import java.util.Optional;

/**
 * An image, a sound or a document.
 *
 * @param kind what it is
 * @param source where its bytes are
 * @param mediaType MIME type; {@code application/octet-stream} when the protocol does not say
 * @param name file name or title, when there is one
 * @param detail OpenAI's word for how closely an image is looked at, when there is one
 */
public record Media(
    Kind kind, Source source, String mediaType, Optional<String> name, Optional<String> detail) {

  /** What it is. */
  public enum Kind {
    IMAGE,
    AUDIO,
    DOCUMENT
  }

  /** Where its bytes are. */
  public sealed interface Source {
    /** In the request, as base64. */
    record Inline(String base64) implements Source {}

    /** In the request, as text of a document. */
    record PlainText(String text) implements Source {}

    /**
     * Somewhere the provider is to fetch it from.
     *
     * @param at the member of the client's request that says where, for refusals
     */
    record Remote(String url, String at) implements Source {}
  }
}
