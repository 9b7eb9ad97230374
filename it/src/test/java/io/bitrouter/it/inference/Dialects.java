package io.bitrouter.it.inference;

/** The two protocols, as a client writes them. */
enum Dialects {
  CHAT("/v1/chat/completions", "fakeai", "chat"),
  MESSAGES("/v1/messages", "fakeant", "messages");

  final String path;
  final String provider;
  final String text;

  Dialects(String path, String provider, String text) {
    this.path = path;
    this.provider = provider;
    this.text = text;
  }

  /** The model of that protocol at the usual price. */
  String model() {
    return "fake-" + text;
  }

  /** A small request for it. */
  String body(boolean streamed) {
    return body(model(), streamed);
  }

  /** A small request for another model. */
  String body(String model, boolean streamed) {
    return "{\"model\":\""
        + model
        + "\",\"max_tokens\":500,"
        + (streamed ? "\"stream\":true," : "")
        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  }

  /** A small request that says {@code content}. */
  String saying(String content, boolean streamed) {
    return body(streamed).replace("hi", content);
  }

  /** What the last event of a good stream holds. */
  String terminal() {
    return switch (this) {
      case CHAT -> "[DONE]";
      case MESSAGES -> "message_stop";
    };
  }
}
