package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.AskedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the gateway reads of a Gemini body, and where it stands.
 *
 * @param membersAt index after the opening brace of the body, which has other members
 * @param modelAt a whole member that names a model, with a comma beside it: the path names it
 * @param modelsAt what names the model in requests inside the body, strings or whatever they are
 * @param config the member {@code generationConfig}
 * @param tools the tools, unless they are null
 * @param storeAt where it says that the provider is to keep the answer, if it does
 * @param content what rules judge in contents, instructions and tools
 */
public record GeminiScan(
    int membersAt,
    Optional<Span> modelAt,
    List<Span> modelsAt,
    Optional<Config> config,
    Optional<Span> tools,
    Optional<Span> storeAt,
    AskedContent content) {

  /**
   * The member {@code generationConfig}.
   *
   * @param at its value
   * @param present false when the value is null
   * @param empty whether it is null or an object without members
   * @param maxOutput output tokens allowed, at least 1
   * @param maxOutputAt the value of {@code maxOutputTokens}, when it occurs
   * @param choices answers asked for, 1 to 128
   */
  public record Config(
      Span at,
      boolean present,
      boolean empty,
      OptionalLong maxOutput,
      Optional<Span> maxOutputAt,
      int choices) {}

  /**
   * What the body asks for.
   *
   * @param model the model, which the path names
   * @param stream whether the path asks for a stream
   * @param bytes length of the body
   */
  public AskedRequest asked(String model, boolean stream, int bytes) {
    return new AskedRequest(
        model,
        stream,
        config.map(Config::maxOutput).orElse(OptionalLong.empty()),
        config.map(Config::choices).orElse(1),
        bytes,
        content.modalities(),
        content.tools(),
        content.mediaParts(),
        content.mediaBytes(),
        content.cacheWrites(),
        content.elsewhere(),
        content.handles(),
        List.of());
  }

  /**
   * The body for the upstream.
   *
   * @param outputCap output tokens to allow if the body does not say how many
   */
  public byte[] sent(byte[] body, OptionalLong outputCap) {
    Splices splices = new Splices();
    modelAt.ifPresent(splices::remove);
    storeAt.ifPresent(at -> splices.replace(at, "false".getBytes(StandardCharsets.US_ASCII)));
    if (outputCap.isPresent()
        && config.map(Config::maxOutput).filter(OptionalLong::isPresent).isEmpty()) {
      cap(splices, Long.toString(outputCap.getAsLong()));
    }
    return splices.applyTo(body);
  }

  /**
   * The body for an upstream that is asked for no text.
   *
   * @param model the upstream's name of the model, for requests inside the body
   */
  public byte[] sent(byte[] body, String model) {
    Splices splices = new Splices();
    modelAt.ifPresent(splices::remove);
    modelsAt.forEach(at -> splices.replace(at, Json.quoted(model)));
    return splices.applyTo(body);
  }

  private void cap(Splices splices, String tokens) {
    String member = "\"maxOutputTokens\":" + tokens;
    if (config.filter(Config::present).isEmpty()) {
      splices.member(membersAt, config.map(Config::at), "generationConfig", "{" + member + "}");
      return;
    }
    Config given = config.get();
    if (given.maxOutputAt().isPresent()) {
      splices.replace(given.maxOutputAt().get(), tokens.getBytes(StandardCharsets.US_ASCII));
    } else {
      String text = given.empty() ? member : member + ",";
      splices.insert(given.at().start() + 1, text.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
