package io.bitrouter.it.sdk;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;

/** A library from npm, by one protocol and on one major of Node. */
@Tag("deep")
abstract class NpmSdk extends SdkContract {

  static final String NODE_20 = "node20";
  static final String NODE_22 = "node22";

  /** What is left to say of a failure that a library passes over. */
  private static final String NO_END = "the answer has no end";

  private static Optional<NpmClient> running = Optional.empty();

  private final NpmLibrary library;
  private final String packages;

  NpmSdk(NpmLibrary library, String packages) {
    this.library = library;
    this.packages = packages;
  }

  @AfterAll
  static void endClient() throws Exception {
    if (running.isPresent()) {
      running.get().close();
      running = Optional.empty();
    }
  }

  private JsonNode asked(String what, Ask ask) {
    return asked(what, ask, WORLD.key().token(), OptionalInt.empty());
  }

  private JsonNode asked(String what, Ask ask, String token, OptionalInt retries) {
    if (running.isEmpty()) {
      running = Optional.of(NpmClient.start(library, packages, WORLD.node().endpoint()));
    }
    return running.get().ask(what, named(ask), token, retries);
  }

  /** The same of the same model by the name that the library understands. */
  private Ask named(Ask ask) {
    return Stream.of(Vendor.values())
        .filter(vendor -> vendor.model().equals(ask.model()))
        .map(vendor -> vendor.like(library.family()))
        .map(name -> new Ask(name, ask.system(), ask.text(), ask.features(), ask.previous()))
        .findFirst()
        .orElse(ask);
  }

  @Override
  Said whole(Ask ask) {
    return NpmClient.said(asked("whole", ask));
  }

  @Override
  Said streamed(Ask ask) {
    return NpmClient.said(asked("streamed", ask));
  }

  @Override
  Ask.Forecast forecast(Ask ask) {
    JsonNode read = asked("forecast", ask);
    Ask.Forecast forecast = new Ask.Forecast();
    forecast.city = read.path("city").asString();
    forecast.days = read.path("days").asInt();
    return forecast;
  }

  @Override
  String leave(Ask ask) {
    return asked("leave", ask).asString();
  }

  @Override
  void once(Ask ask, String token) {
    JsonNode unused = asked("whole", ask, token, OptionalInt.of(0));
  }

  @Override
  Said.Failure failure(RuntimeException thrown) {
    return thrown instanceof NpmClient.Thrown said
        ? new Said.Failure(said.status(), String.valueOf(said.getMessage()))
        : new Said.Failure(0, String.valueOf(thrown.getMessage()));
  }

  @Override
  String finish(boolean calls) {
    return library.finish(calls);
  }

  @Override
  String brokenOff(Vendor upstream, String message) {
    return switch (library) {
      // It passes over the event, and notices that the body breaks off.
      case LANGCHAIN_GEMINI -> "Error reading from the stream";
      // It passes over response.failed; an event "error" is taken up by what it is built on.
      case LANGCHAIN_RESPONSES ->
          upstream == Vendor.RESPONSES && packages.equals(NODE_22) ? message : NO_END;
      default -> message;
    };
  }

  @Override
  boolean tellsThoughts() {
    return library.tellsThoughts();
  }

  @Override
  boolean tellsUsageOfStreams() {
    return library.tellsUsageOfStreams();
  }

  @Override
  String callName(Vendor upstream, int call) {
    return library.keepsIds() || upstream == Vendor.GEMINI
        ? super.callName(upstream, call)
        : "call_gemini_1_" + call;
  }
}
