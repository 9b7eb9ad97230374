package io.bitrouter.it.kill;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What {@link LoadClient} wrote down. */
final class Answers {

  private static final int OUTPUT_BASE = 1_000;

  private Answers() {}

  /** How far a request got, as its client saw it. */
  enum Progress {
    /** Sent; nothing of an answer came. */
    SENT,
    /** The head of an answer came and not all of it. */
    BROKEN,
    /** The whole answer came. */
    COMPLETE
  }

  /**
   * One request as its client saw it.
   *
   * @param marker its marker, also sent as {@code x-request-id}
   * @param progress how far it got
   * @param status HTTP status, 0 without an answer
   * @param requestId the node's id of it, empty without an answer
   * @param costMicroUsd what the header of a buffered answer said
   * @param costNanoUsd what {@code usage.cost} of a stream said
   */
  record Answer(
      String marker,
      Progress progress,
      int status,
      String requestId,
      OptionalLong costMicroUsd,
      OptionalLong costNanoUsd) {

    static Answer sent(String marker) {
      return new Answer(marker, Progress.SENT, 0, "", OptionalLong.empty(), OptionalLong.empty());
    }
  }

  /**
   * The {@code max_tokens} of a request: different for each, so that it identifies a row that has
   * nothing else of the client's.
   */
  static int declaredOutput(int number) {
    return OUTPUT_BASE + number;
  }

  /** The number of the request that declared so much output. */
  static long numberOf(long declaredOutput) {
    return declaredOutput - OUTPUT_BASE;
  }

  /** The number in a marker. */
  static long declaredOutputOf(String marker) {
    return OUTPUT_BASE + Long.parseLong(marker.substring(marker.lastIndexOf('-') + 1), 36);
  }

  /** Every request in the file, by marker. */
  static Map<String, Answer> read(Path file) throws IOException {
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
      List<String> words = List.of(line.split(" ", -1));
      String marker = words.get(1);
      switch (words.get(0)) {
        case "sent" -> answers.put(marker, Answer.sent(marker));
        case "head" ->
            answers.put(
                marker,
                new Answer(
                    marker,
                    Progress.BROKEN,
                    Integer.parseInt(words.get(2)),
                    words.get(3),
                    OptionalLong.empty(),
                    OptionalLong.empty()));
        default -> answers.put(marker, end(marker, words));
      }
    }
    return answers;
  }

  private static Answer end(String marker, List<String> words) {
    int status = Integer.parseInt(words.get(2));
    boolean complete = words.get(6).equals("complete");
    Progress progress =
        complete ? Progress.COMPLETE : status == 0 ? Progress.SENT : Progress.BROKEN;
    return new Answer(
        marker,
        progress,
        status,
        words.get(3).equals("-") ? "" : words.get(3),
        words.get(4).equals("-")
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(words.get(4))),
        words.get(5).equals("-") ? OptionalLong.empty() : OptionalLong.of(nanos(words.get(5))));
  }

  /** Decimal dollars to nano-USD, without floating point. */
  private static long nanos(String usd) {
    return new BigDecimal(usd).movePointRight(9).longValueExact();
  }
}
