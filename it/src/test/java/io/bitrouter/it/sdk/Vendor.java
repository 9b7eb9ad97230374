package io.bitrouter.it.sdk;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.RecordedRequest;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Upstreams that a test's node has, one for each protocol, all at one address. */
public enum Vendor {
  CHAT(
      "/messages/0/content",
      "/messages/1/content/1/image_url/url",
      "/response_format/json_schema/schema",
      "/tools/%d/function/name"),
  MESSAGES(
      "/system",
      "/messages/0/content/1/source/data",
      "/output_config/format/schema",
      "/tools/%d/name"),
  RESPONSES(
      "/instructions", "/input/0/content/1/image_url", "/text/format/schema", "/tools/%d/name"),
  GEMINI(
      "/systemInstruction/parts/0/text",
      "/contents/0/parts/1/inlineData/data",
      "/generationConfig/responseSchema",
      "/tools/0/functionDeclarations/%d/name");

  private final String system;
  private final String image;
  private final String schema;
  private final String tool;

  Vendor(String system, String image, String schema, String tool) {
    this.system = system;
    this.image = image;
    this.schema = schema;
    this.tool = tool;
  }

  /** How it writes. */
  Format format() {
    return switch (this) {
      case CHAT -> new ChatFormat();
      case MESSAGES -> new MessagesFormat();
      case RESPONSES -> new ResponsesFormat();
      case GEMINI -> new GeminiFormat();
    };
  }

  /** The name of the protocol, in configuration and rows. */
  public String protocol() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its provider. */
  String provider() {
    return "up" + protocol();
  }

  /** Its model. */
  String model() {
    return "model-" + protocol();
  }

  /**
   * What a row is to say of tokens that it reported: what its protocol has no word for is joined.
   */
  Tokens booked(Tokens said) {
    return switch (this) {
      case CHAT, RESPONSES -> said;
      case MESSAGES ->
          new Tokens(said.uncached(), said.cacheRead(), said.cacheWrite(), said.completion(), 0);
      case GEMINI ->
          new Tokens(
              said.uncached() + said.cacheWrite(),
              said.cacheRead(),
              0,
              said.output(),
              said.reasoning());
    };
  }

  /** Where a request to it has the system's prompt, text or parts. */
  JsonNode system(RecordedRequest request) {
    return request.json().at(system);
  }

  /** Where a request with a system prompt, a text and an image has the image. */
  JsonNode image(RecordedRequest request) {
    return request.json().at(image);
  }

  /** Where a request has the schema of its answer. */
  JsonNode schema(RecordedRequest request) {
    return request.json().at(schema);
  }

  /** The name of a tool that a request offers; missing when there are fewer. */
  JsonNode tool(RecordedRequest request, int index) {
    return request.json().at(tool.formatted(index));
  }

  /** By what its protocol ties a result to a call: an id, or the tool's name. */
  String callName(Answer.Call call) {
    return switch (this) {
      case CHAT, RESPONSES -> call.id();
      case MESSAGES -> MessagesFormat.id(call);
      case GEMINI -> call.name();
    };
  }

  /** Whether a request asks it for a stream. */
  boolean streamed(RecordedRequest request) {
    return this == GEMINI
        ? request.path().contains(":streamGenerateContent")
        : request.json().path("stream").asBoolean(false);
  }

  /** Whom a request is for. */
  public static Vendor of(RecordedRequest request) {
    return switch (request.path()) {
      case "/v1/chat/completions" -> CHAT;
      case "/v1/messages" -> MESSAGES;
      case "/v1/responses" -> RESPONSES;
      default -> GEMINI;
    };
  }

  /** A node that has them all. */
  static NodeWorld world() {
    return NodeWorld.with(Vendor::configuration);
  }

  /** The configuration of a node that has them all. */
  static String configuration(FakeUpstream upstream) {
    StringBuilder yaml = new StringBuilder("providers:\n");
    for (Vendor vendor : values()) {
      yaml.append(
          """
            %s:
              api_base: %s
              api_key: %s
              protocol: %s
              models:
                - id: %s
                  price: {input: "2", cache_read: "0.20", cache_write_5m: "2.50", output: "10"}
          """
              .formatted(
                  vendor.provider(),
                  upstream.base(),
                  NodeWorld.ACCOUNT_KEY,
                  vendor.protocol(),
                  vendor.model()));
    }
    return yaml.toString();
  }
}
