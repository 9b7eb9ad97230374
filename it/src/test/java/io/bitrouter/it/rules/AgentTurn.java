package io.bitrouter.it.rules;

import io.bitrouter.testkit.UpstreamScript;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One turn of a coding session: its shape, without content.
 *
 * @param number position in the session, from 0
 * @param bodyBytes length of the request's body
 * @param promptTokens tokens of its prompt, those from and to the cache included
 * @param cacheRead tokens of it that the provider had kept
 * @param cacheWrite tokens of it that the provider keeps from now on
 * @param outputTokens tokens of the answer
 */
record AgentTurn(
    int number,
    int bodyBytes,
    long promptTokens,
    long cacheRead,
    long cacheWrite,
    int outputTokens) {

  private static final int TOKENS_OF_A_PIECE = 4;

  /** Most tokens that the agent lets an answer have. */
  static final int MAX_TOKENS = 32_000;

  private static final String HEAD =
      """
      {"model":"%s","max_tokens":%d,"stream":true,"x_turn":%d,\
      "tools":[{"name":"edit","description":"changes a file","input_schema":{"type":"object"}}],\
      "system":[{"type":"text","text":"You write code.","cache_control":{"type":"ephemeral"}}],\
      "messages":[{"role":"user","content":[{"type":"text","text":"\
      """;

  private static final String TAIL = "\",\"cache_control\":{\"type\":\"ephemeral\"}}]}]}";

  /** The session that the tests replay, its turns in order. */
  static List<AgentTurn> session() {
    try (InputStream table = AgentTurn.class.getResourceAsStream("agent-session.csv")) {
      if (table == null) {
        throw new IllegalStateException("no agent-session.csv");
      }
      List<List<String>> rows =
          new String(table.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isEmpty() && Character.isDigit(line.charAt(0)))
              .map(line -> List.of(line.split(",", -1)))
              .toList();
      return IntStream.range(0, rows.size())
          .mapToObj(number -> of(number, rows.get(number)))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AgentTurn of(int number, List<String> cells) {
    return new AgentTurn(
        number,
        Integer.parseInt(cells.get(0)),
        Long.parseLong(cells.get(1)),
        Long.parseLong(cells.get(2)),
        Long.parseLong(cells.get(3)),
        Integer.parseInt(cells.get(4)));
  }

  /** The request, of exactly its length. */
  String request(String model) {
    String head = HEAD.formatted(model, MAX_TOKENS, number);
    return head + "x".repeat(bodyBytes - head.length() - TAIL.length()) + TAIL;
  }

  /** What the provider answers: four bytes of text for each token, and its own count of all. */
  UpstreamScript answer() {
    return UpstreamScript.ok()
        .withChunks(outputTokens / TOKENS_OF_A_PIECE)
        .saying("cod ".repeat(TOKENS_OF_A_PIECE))
        .withUsage(
            """
            {"input_tokens":%d,"cache_creation_input_tokens":%d,"cache_read_input_tokens":%d,\
            "output_tokens":%d}\
            """
                .formatted(
                    promptTokens - cacheRead - cacheWrite, cacheWrite, cacheRead, outputTokens));
  }

  /** What the turn costs at $3 in, $0.30 from the cache, $3.75 to it and $15 out, nano-USD. */
  long nanoUsd() {
    return (promptTokens - cacheRead - cacheWrite) * 3_000
        + cacheRead * 300
        + cacheWrite * 3_750
        + outputTokens * 15_000L;
  }
}
