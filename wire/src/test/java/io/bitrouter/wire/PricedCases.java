package io.bitrouter.wire;

import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The golden corpus of charges: reads each case's usage object with the product's reader of its
 * dialect, as a whole answer, in a stream and in a stream that is translated, and prices it.
 */
final class PricedCases {

  private static final DialectRegistry ALL = new DialectRegistry();

  private PricedCases() {}

  /**
   * One case.
   *
   * @param tokens the buckets by commas, {@code -} for no report
   * @param nanos the charge, {@code -} for none
   * @param usages what successive events say, or the whole answer when it is one
   */
  record Case(
      String name, String dialect, Price price, String tokens, String nanos, List<String> usages) {

    /** What is read otherwise than expected, one line each. */
    List<String> errors() {
      List<String> errors = new ArrayList<>();
      if (usages.size() == 1) {
        compare("whole", whole(), errors);
      }
      if (!dialect.equals("embeddings") && !dialect.equals("count")) {
        compare("stream", stream(own(dialect)), errors);
        compare("translated", stream(translated(dialect)), errors);
      }
      return errors;
    }

    private void compare(String way, Optional<MeasuredUsage> usage, List<String> errors) {
      String read = usage.map(it -> text(it.tokens())).orElse("-");
      String charge = usage.map(it -> Long.toString(price.costNanos(it.tokens()))).orElse("-");
      if (!read.equals(tokens) || !charge.equals(nanos)) {
        errors.add(
            "%s, %s: %s cost %s instead of %s and %s"
                .formatted(name, way, read, charge, tokens, nanos));
      }
    }

    private Optional<MeasuredUsage> whole() {
      String usage = usages.getFirst();
      String body =
          switch (dialect) {
            case "chat" -> "{\"choices\":[],\"usage\":" + usage + "}";
            case "messages" -> "{\"content\":[],\"usage\":" + usage + "}";
            case "responses" -> "{\"status\":\"completed\",\"output\":[],\"usage\":" + usage + "}";
            case "gemini" -> "{\"candidates\":[],\"usageMetadata\":" + usage + "}";
            case "embeddings" -> "{\"data\":[],\"usage\":" + usage + "}";
            default -> "{\"input_tokens\":" + usage + "}";
          };
      return own(dialect).whole(body.getBytes(StandardCharsets.UTF_8)).usage();
    }

    private Optional<MeasuredUsage> stream(Passage passage) {
      StreamTap tap = passage.tap(unused -> 0);
      for (String event : events()) {
        String text = "data: " + event + "\n\n";
        tap.accept(
            ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), (bytes, from, length) -> {});
      }
      tap.upstreamEnded((bytes, from, length) -> {});
      return tap.report().usage();
    }

    private List<String> events() {
      List<String> events = new ArrayList<>();
      switch (dialect) {
        case "chat" -> {
          events.add("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
          usages.forEach(usage -> events.add("{\"choices\":[],\"usage\":" + usage + "}"));
          events.add("[DONE]");
        }
        case "messages" -> {
          events.add(
              "{\"type\":\"message_start\",\"message\":{\"usage\":" + usages.getFirst() + "}}");
          // Even of one usage object the answer's end says its output again.
          for (String usage : usages.size() == 1 ? usages : usages.subList(1, usages.size())) {
            events.add(
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
                    + usage
                    + "}");
          }
          events.add("{\"type\":\"message_stop\"}");
        }
        case "responses" ->
            events.add(
                "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\","
                    + "\"output\":[],\"usage\":"
                    + usages.getFirst()
                    + "}}");
        default ->
            usages.forEach(usage ->
                events.add(
                    "{\"candidates\":[{\"index\":0,\"finishReason\":\"STOP\"}],"
                        + "\"usageMetadata\":"
                        + usage
                        + "}"));
      }
      return events;
    }
  }

  /** All cases of a corpus. */
  static List<Case> of(String corpus) {
    Map<String, Price> cards = new HashMap<>();
    List<Case> cases = new ArrayList<>();
    for (String line : corpus.lines().filter(it -> !it.startsWith("#")).toList()) {
      String[] words = line.split("\t");
      if (words[0].equals("card")) {
        cards.put(words[1], card(words));
      } else {
        cases.add(
            new Case(
                words[0],
                words[1],
                Objects.requireNonNull(cards.get(words[2]), line),
                words[3],
                words[4],
                List.of(Arrays.copyOfRange(words, 5, words.length))));
      }
    }
    return cases;
  }

  private static Price card(String[] words) {
    Price price = price(words, 2);
    return words.length == 7
        ? price
        : new Price(
            price.uncachedInput(),
            price.cacheRead(),
            price.cacheWrite5m(),
            price.cacheWrite1h(),
            price.output(),
            Optional.of(new Price.LongPrompt(Long.parseLong(words[7]), price(words, 8))));
  }

  private static Price price(String[] words, int at) {
    return new Price(
        Long.parseLong(words[at]),
        Long.parseLong(words[at + 1]),
        Long.parseLong(words[at + 2]),
        Long.parseLong(words[at + 3]),
        Long.parseLong(words[at + 4]));
  }

  private static String text(TokenUsage tokens) {
    return "%d,%d,%d,%d,%d,%d"
        .formatted(
            tokens.uncachedInput(),
            tokens.cacheRead(),
            tokens.cacheWrite5m(),
            tokens.cacheWrite1h(),
            tokens.output(),
            tokens.reasoning());
  }

  /** To an upstream of the dialect, from a client that speaks it too. */
  private static Passage own(String dialect) {
    Dialect client =
        switch (dialect) {
          case "chat" -> Dialects.CHAT;
          case "messages" -> Dialects.MESSAGES;
          case "responses" -> Dialects.RESPONSES;
          case "gemini" -> Dialects.GEMINI;
          case "embeddings" -> ALL.embeddings();
          default -> ALL.countTokens();
        };
    DecodedRequest request =
        Dialects.decoded(client, "{\"model\":\"m\",\"max_tokens\":1,\"contents\":[]}");
    return Dialects.passage(client, request, "m", OptionalLong.empty());
  }

  /** To an upstream of the dialect, from a client that speaks another one. */
  private static Passage translated(String dialect) {
    Protocol upstream =
        Arrays.stream(Protocol.values())
            .filter(protocol -> protocol.text().equals(dialect))
            .findFirst()
            .orElseThrow();
    Dialect client = upstream == Protocol.CHAT ? Dialects.MESSAGES : Dialects.CHAT;
    DecodedRequest request =
        Dialects.decoded(
            client,
            "{\"model\":\"m\",\"max_tokens\":1,\"stream\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    return Dialects.passage(request, Dialects.target(upstream, "m"), OptionalLong.empty());
  }
}
