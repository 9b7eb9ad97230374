package io.bitrouter.wire.json;

/** A top-level member of a request that the gateway reads. */
public enum RequestMember {
  /** The model's name. */
  MODEL("model"),
  /** Whether a stream is asked for. */
  STREAM("stream"),
  /** Options of the stream, of which {@code include_usage} is read. */
  STREAM_OPTIONS("stream_options"),
  /** Output tokens allowed. */
  MAX_TOKENS("max_tokens"),
  /** Output tokens allowed, reasoning included. */
  MAX_COMPLETION_TOKENS("max_completion_tokens"),
  /** Answers asked for. */
  CHOICES("n"),
  /** Tools the model may call; only its bytes are of interest. */
  TOOLS("tools");

  private final String text;

  RequestMember(String text) {
    this.text = text;
  }

  /** The member's name. */
  public String text() {
    return text;
  }
}
