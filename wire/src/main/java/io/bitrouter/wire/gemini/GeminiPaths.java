package io.bitrouter.wire.gemini;

import static java.util.stream.Collectors.joining;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** The paths of Gemini, which say the model and what is asked of it. */
final class GeminiPaths {

  static final String WHOLE = "generateContent";
  static final String STREAM = "streamGenerateContent";
  static final String COUNT = "countTokens";
  static final String EMBED = "embedContent";
  static final String EMBED_ALL = "batchEmbedContents";

  private static final String MODELS = "/models/";
  private static final String PREFIX = "models/";
  private static final String TUNED = "tunedModels/";
  private static final int MAX_MODEL_LENGTH = 256;

  private GeminiPaths() {}

  /** A call as the path says it. */
  record Call(String model, String verb) {

    boolean stream() {
      return verb.equals(STREAM);
    }
  }

  /**
   * Reads a client's path: {@code /v1beta/models/<model>:<verb>}, percent-encoded.
   *
   * @param verbs those that are served; by any other, no call is named
   */
  static Outcome<Call> read(String path, Set<String> verbs) {
    int at = path.indexOf(MODELS);
    Optional<String> rest =
        at < 0 ? Optional.empty() : decoded(path.substring(at + MODELS.length()));
    int colon = rest.map(text -> text.lastIndexOf(':')).orElse(-1);
    String verb = rest.map(text -> text.substring(colon + 1)).orElse("");
    if (colon < 0 || !verbs.contains(verb)) {
      return Outcome.refused(
          Refusal.of(RefusalCode.NOT_FOUND, "the path names no call that is served here")
              .withHint(
                  "use /v1beta/models/<model> with "
                      + verbs.stream().sorted().map(each -> ":" + each).collect(joining(" or "))
                      + ", with the model's name percent-encoded"));
    }
    String name = rest.map(text -> text.substring(0, colon)).orElse("");
    String model = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    if (model.isEmpty() || model.length() > MAX_MODEL_LENGTH) {
      return Outcome.refused(
          Refusal.of(
                  RefusalCode.INVALID_REQUEST,
                  "the model in the path must have 1 to " + MAX_MODEL_LENGTH + " characters")
              .withParam("model"));
    }
    return Outcome.done(new Call(model, verb));
  }

  private static Optional<String> decoded(String text) {
    try {
      // A plus sign stands for a space in queries only.
      return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The path of a call below a provider's base; a stream is asked for as events. */
  static String call(String model, String verb) {
    String resource = resource(model);
    int name = resource.indexOf('/') + 1;
    String query = verb.equals(STREAM) ? "?alt=sse" : "";
    return "/"
        + resource.substring(0, name)
        + encoded(resource.substring(name))
        + ":"
        + verb
        + query;
  }

  /** A model as bodies name it: {@code models/<name>}, or a tuned one. */
  static String resource(String model) {
    return model.startsWith(TUNED) || model.startsWith(PREFIX) ? model : PREFIX + model;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
