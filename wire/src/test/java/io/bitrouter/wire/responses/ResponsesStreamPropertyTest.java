package io.bitrouter.wire.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Random answers: the strictest client understands every stream, and the whole answer is what the
 * stream ends with.
 */
class ResponsesStreamPropertyTest {

  private static final int RUNS = 3_000;
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"custom\",\"name\":\"c\"},"
          + "{\"type\":\"namespace\",\"name\":\"n\",\"tools\":[{\"type\":\"function\","
          + "\"name\":\"t\"}]}]";
  private static final String[] ENDS = {"STOP", "LENGTH", "CONTENT_FILTER", "PAUSE"};

  @Test
  void streamsAndWholeAnswersAgree() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      String script = script(random);
      String body =
          "{\"model\":\"m\",\"input\":\"Hi\","
              + (random.nextBoolean() ? "\"reasoning\":{\"summary\":\"auto\"}," : "")
              + TOOLS
              + "}";
      try {
        byte[] upstream = ScriptedUpstream.stream(script);
        JsonNode streamed = ResponsesSnapshot.of(streamed(passage(body), upstream));
        assertThat(streamed).isEqualTo(whole(passage(body), upstream));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", run " + run + ":\n" + script, e);
      }
    }
  }

  @Test
  void theStrictestClientMissesNothing() {
    String good =
        streamed(
            passage("{\"model\":\"m\",\"input\":\"Hi\"}"),
            ScriptedUpstream.stream("text a\nfinished STOP\nended"));
    assertThat(ResponsesSnapshot.of(good).at("/output/0/content/0/text").stringValue())
        .isEqualTo("a");
    String[] events = good.split("(?<=\n\n)");
    for (int left = 0; left < events.length; left++) {
      StringBuilder without = new StringBuilder();
      for (int i = 0; i < events.length; i++) {
        without.append(i == left ? "" : events[i]);
      }
      assertThatThrownBy(() -> ResponsesSnapshot.of(without.toString()))
          .as("without event " + left)
          .isInstanceOf(AssertionError.class);
    }
    assertThatThrownBy(
            () -> ResponsesSnapshot.of(good.replace("\"delta\":\"a\"", "\"delta\":\"b\"")))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aFailureBeforeAnyStreamIsAnErrorEvent() {
    assertThat(new String(new ResponsesClientCodec().failure("broken"), StandardCharsets.UTF_8))
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,"
                + "\"code\":\"server_error\",\"message\":\"broken\",\"param\":null}\n\n");
  }

  /** Parts in random order, calls interleaved, as a reader of an upstream says them. */
  private static String script(Random random) {
    StringBuilder script = new StringBuilder(random.nextBoolean() ? "started m\n" : "");
    int calls = 0;
    for (int parts = random.nextInt(6); parts > 0; parts--) {
      switch (random.nextInt(5)) {
        case 0 -> {
          repeat(script, random, "text a");
          if (random.nextBoolean()) {
            script.append("cited 0 1 https://e.x\n");
          }
        }
        case 1 -> repeat(script, random, "refused r");
        case 2 -> {
          repeat(script, random, "reasoned t");
          script.append(random.nextBoolean() ? "signed s\n" : "");
        }
        case 3 -> script.append("signed s\n");
        default -> calls = calls(script, random, calls);
      }
    }
    return script + "used 1 2 3 4 5 6\nfinished " + ENDS[random.nextInt(4)] + "\nended\n";
  }

  private static void repeat(StringBuilder script, Random random, String line) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      script.append(line).append(random.nextInt(4) == 0 ? "\\n" : " 😀").append('\n');
    }
  }

  private static int calls(StringBuilder script, Random random, int first) {
    int next = first;
    for (int i = random.nextInt(6); i >= 0; i--) {
      if (next == first || random.nextInt(3) == 0) {
        String name = new String[] {"f", "c", "n__t"}[random.nextInt(3)];
        script.append("call " + next + " call_" + next + " " + name + "\n");
        next++;
      } else {
        int call = first + random.nextInt(next - first);
        String delta =
            new String[] {"{\"input\":\"x\"}", "{\"in", "put\":\"x\"}"}[random.nextInt(3)];
        script.append("arguments " + call + " " + delta + "\n");
      }
    }
    return next;
  }

  private static String streamed(Passage passage, byte[] upstream) {
    StreamTap tap = passage.tap(usage -> 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    tap.accept(ByteBuffer.wrap(upstream), out::write);
    out.writeBytes(tap.ending(tap.usage().orElse(MeasuredUsage.NONE)));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode whole(Passage passage, byte[] upstream) {
    Passage.WholeAnswer answer = passage.whole(upstream);
    byte[] body = answer.body().apply(answer.usage().orElse(MeasuredUsage.NONE));
    return Json.tree(body, 0, body.length);
  }

  private static Passage passage(String body) {
    return switch (ScriptedUpstream.passage(
        new ResponsesClientCodec(), body.getBytes(StandardCharsets.UTF_8))) {
      case Outcome.Done<Passage>(Passage passage) -> passage;
      case Outcome.Refused<Passage>(var refusal) -> throw new AssertionError(refusal.message());
    };
  }
}
