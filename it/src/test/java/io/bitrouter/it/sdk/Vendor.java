package io.bitrouter.it.sdk;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.RecordedRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

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
      "/instructions|/input/0/content",
      "/input/0/content/1/image_url|/input/1/content/1/image_url",
      "/text/format/schema",
      "/tools/%d/name"),
  GEMINI(
      "/systemInstruction/parts/0/text",
      "/contents/0/parts/1/inlineData/data",
      "/generationConfig/responseSchema|/generationConfig/responseJsonSchema",
      "/tools/0/functionDeclarations/%d/name");

  private static final String PRICE =
      "{input: \"2\", cache_read: \"0.20\", cache_write_5m: \"2.50\", output: \"10\"}";

  /** Its model is known by each of these too: libraries guess from a name what a model can do. */
  private static final List<String> LIKE = List.of("o3-", "gemini-2-");

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
  public String provider() {
    return "up" + protocol();
  }

  /** Its model. */
  public String model() {
    return "model-" + protocol();
  }

  /** The name of its model among those of a family, which its own name starts with. */
  String like(String family) {
    return family + protocol();
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
    return at(request, system);
  }

  /** Where a request with a system prompt, a text and an image has the image. */
  JsonNode image(RecordedRequest request) {
    return at(request, image);
  }

  /** Where a request has the schema of its answer. */
  JsonNode schema(RecordedRequest request) {
    return at(request, schema);
  }

  /** Where one of these pointers leads; some protocols have two places for one thing. */
  private static JsonNode at(RecordedRequest request, String pointers) {
    JsonNode body = request.json();
    return Stream.of(pointers.split("\\|"))
        .map(body::at)
        .filter(node -> !node.isMissingNode())
        .findFirst()
        .orElseGet(MissingNode::getInstance);
  }

  /** The name of a tool that a request offers; missing when there are fewer. */
  JsonNode tool(RecordedRequest request, int index) {
    return request.json().at(tool.formatted(index));
  }

  /** By what its protocol ties a result to a call: an id, or the tool's name. */
  public String callName(Answer.Call call) {
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
  public static NodeWorld world() {
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
                - {id: %s, structured_output: true, price: %s}
          """
              .formatted(
                  vendor.provider(),
                  upstream.base(),
                  NodeWorld.ACCOUNT_KEY,
                  vendor.protocol(),
                  vendor.model(),
                  PRICE));
      LIKE.forEach(family ->
          yaml.append(
              "      - {id: %s, upstream_model: %s, structured_output: true, price: %s}\n"
                  .formatted(vendor.like(family), vendor.model(), PRICE)));
    }
    return yaml.toString();
  }
}
