package io.bitrouter.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A client of Messages cannot carry what a chat model wants back with the results of its calls: its
 * thoughts, and what came with the call. The namespace's memory does.
 */
class ThoughtsReturnTest {

  private static final String TOOLS =
      "'tools':[{'name':'weather','input_schema':{'type':'object'}}]";

  private static final String ANSWER =
      chunk("{'reasoning_content':'Hm, '}")
          + chunk("{'reasoning_content':'Bonn.'}")
          + chunk(
              "{'tool_calls':[{'index':0,'id':'c1','function':{'name':'weather','arguments':'{}'},"
                  + "'extra_content':{'google':{'thought_signature':'s'}}}]}")
          + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n"
          + "data: [DONE]\n\n";

  private final Map<String, byte[]> kept = new HashMap<>();

  @Test
  void withTheResult() {
    StreamTap tap =
        passage("'stream':true,'messages':[{'role':'user','content':'Bonn?'}]").tap(usage -> 0);
    ByteArrayOutputStream client = new ByteArrayOutputStream();
    tap.accept(ByteBuffer.wrap(bytes(ANSWER)), client::write);
    tap.upstreamEnded(client::write);
    client.writeBytes(tap.ending(MeasuredUsage.NONE));
    assertThat(tap.report().complete()).isTrue();
    assertThat(client.toString(StandardCharsets.UTF_8))
        .contains("\"stop_reason\":\"tool_use\"")
        .doesNotContain("thought_signature");

    byte[] body =
        passage(
                "'messages':[{'role':'user','content':'Bonn?'},{'role':'assistant','content':["
                    + "{'type':'tool_use','id':'c1','name':'weather','input':{}}]},"
                    + "{'role':'user','content':["
                    + "{'type':'tool_result','tool_use_id':'c1','content':'sun'}]}]")
            .body();
    JsonNode called = Json.strictTree(body).path("messages").path(1);
    assertThat(called.path("reasoning_content").stringValue("")).isEqualTo("Hm, Bonn.");
    assertThat(
            called
                .path("tool_calls")
                .path(0)
                .path("extra_content")
                .path("google")
                .path("thought_signature")
                .stringValue(""))
        .isEqualTo("s");
  }

  private Passage passage(String members) {
    String body = "{'model':'m','max_tokens':9," + TOOLS + "," + members + "}";
    OnBehalf onBehalf = new OnBehalf(Dialects.ON_BEHALF.request(), new Memory(), name -> name);
    return switch (Dialects.decoded(Dialects.MESSAGES, body.replace('\'', '"'))
        .toward(Dialects.target(Protocol.CHAT, "up"), OptionalLong.empty(), onBehalf)) {
      case Outcome.Done<Passage>(Passage passage) -> passage;
      case Outcome.Refused<Passage>(var refusal) -> throw new AssertionError(refusal.message());
    };
  }

  private final class Memory implements SignatureVault {
    @Override
    public void keep(String callId, byte[] value) {
      kept.put(callId, value);
    }

    @Override
    public Optional<byte[]> find(String callId) {
      return Optional.ofNullable(kept.get(callId));
    }
  }

  private static String chunk(String delta) {
    return "data: {\"choices\":[{\"delta\":" + delta.replace('\'', '"') + "}]}\n\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
