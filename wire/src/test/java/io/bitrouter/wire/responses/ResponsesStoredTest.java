package io.bitrouter.wire.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StoredTurn;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is stored of an answer, and how a request goes on from it. */
class ResponsesStoredTest {

  private static final String ANSWER =
      "{'id':'resp_1','object':'response','status':'completed','store':false,"
          + "'previous_response_id':null,'output':["
          + "{'type':'reasoning','id':'rs_1','summary':[]},"
          + "{'type':'reasoning','id':'rs_2','summary':[],'encrypted_content':'g'},"
          + "{'type':'message','id':'msg_1','role':'assistant','content':[{'type':'output_text',"
          + "'text':'four'}]}]}";

  private static final String SEALED =
      "{'type':'reasoning','id':'rs_2','summary':[],'encrypted_content':'g'}";
  private static final String SAID =
      "{'type':'message','id':'msg_1','role':'assistant','content':[{'type':'output_text',"
          + "'text':'four'}]}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'input':'and 3?','previous_response_id':'resp_1' | ,{'type':'message','role':'user',"
            + "'content':'and 3?'}",
        "'previous_response_id' : 'resp_1' , 'input': [ {'role':'user','content':'3'} ] |"
            + " ,{'role':'user','content':'3'} ",
        "'input':[ ],'previous\\u005fresponse_id':'resp_1' | ``",
        "'input':null,'previous_response_id':'resp_1' | ``",
        "'previous_response_id':'resp_1' | ``",
      })
  void whatWasSaidComesFirst(String members, String added) {
    StoredTurn first = turn("{'model':'m','input':'2+2?'}");
    assertThat(text(first.input()))
        .isEqualTo(json("[{'type':'message','role':'user','content':'2+2?'}]"));
    String input =
        "[{'type':'message','role':'user','content':'2+2?'}," + SEALED + "," + SAID + added + "]";
    for (String body :
        new String[] {"{'model':'m'," + members + "}", "{" + members + ",'model':'m'}"}) {
      DecodedRequest next = storing(json(body), Optional.of(first));
      assertThat(next.asked().handles()).isEmpty();
      JsonNode sent = tree(sent(next));
      assertThat(sent.has("previous_response_id")).isFalse();
      assertThat(sent.path("store").asBoolean(true)).isFalse();
      assertThat(sent.path("input")).isEqualTo(tree(json(input).getBytes(StandardCharsets.UTF_8)));
      StoredTurn second = next.stored(bytes(ANSWER)).orElseThrow();
      assertThat(tree(second.input())).isEqualTo(sent.path("input"));
      assertThat(tree(second.response()).path("previous_response_id").asString())
          .isEqualTo("resp_1");
    }
  }

  @Test
  void theAnswerIsStoredAsItWas() {
    StoredTurn turn = turn("{'model':'m','input':'x'}");
    assertThat(turn.id()).isEqualTo("resp_1");
    assertThat(text(turn.response()))
        .isEqualTo(json(ANSWER.replace("'store':false", "'store':true")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'store':false",
        "'conversation':'conv_1'",
        "'conversation':{'id':'conv_1'}",
        "'previous_response_id':'resp_gone'",
      })
  void whatIsNotStored(String members) {
    String body = json("{'model':'m','input':'x'," + members + "}");
    assertThat(storing(body, Optional.empty()).stored(bytes(ANSWER))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':'','status':'completed','output':[{}]}",
        "{'id':'a','status':'failed','output':[{}]}",
        "{'id':'a','status':'completed','output':[]}",
        "{'id':'a'}",
        "[]",
        "",
        "nothing",
      })
  void whatIsNoAnswerIsNotStored(String answer) {
    DecodedRequest request = storing(json("{'model':'m','input':'x'}"), Optional.empty());
    assertThat(request.stored(bytes(answer))).isEmpty();
  }

  @Test
  void nothingIsStoredWhereTheNamespaceDoesNotSay() {
    DecodedRequest request =
        Dialects.decoded(Dialects.RESPONSES, json("{'model':'m','input':'x'}"));
    assertThat(request.stored(bytes(ANSWER))).isEmpty();
  }

  @Test
  void anUnknownOneIsStillAHandle() {
    DecodedRequest request =
        storing(json("{'model':'m','previous_response_id':'resp_9'}"), Optional.empty());
    assertThat(request.asked().handles().getFirst().value()).isEqualTo("resp_9");
  }

  @Test
  void whoAsksForItIsNotToldThatItIsNot() {
    DecodedRequest request =
        storing(json("{'model':'m','input':'x','store':true}"), Optional.empty());
    assertThat(passage(request, Protocol.RESPONSES).warnings()).isEmpty();
  }

  @Test
  void ofAStreamTheLastEventIsStored() {
    DecodedRequest request =
        storing(json("{'model':'m','input':'x','stream':true}"), Optional.empty());
    byte[] before = SseEvent.write("response.output_item.done", bytes("{'type':'x'}"));
    byte[] last =
        SseEvent.write(
            "response.incomplete",
            bytes(
                "{'type':'response.incomplete','response':"
                    + ANSWER.replace("completed", "incomplete")
                    + "}"));
    byte[] end = ByteBuffer.allocate(before.length + last.length).put(before).put(last).array();
    assertThat(request.stored(end).orElseThrow().id()).isEqualTo("resp_1");
    assertThat(request.stored(before)).isEmpty();
  }

  @Test
  void everyUpstreamIsToldAllOfIt() {
    StoredTurn first = turn("{'model':'m','input':'2+2?'}");
    DecodedRequest next =
        storing(
            json("{'model':'m','stream':true,'previous_response_id':'resp_1','input':'and 3?'}"),
            Optional.of(first));
    Passage passage = passage(next, Protocol.CHAT);
    assertThat(tree(passage.body()).path("messages"))
        .isEqualTo(
            tree(
                bytes(
                    "[{'role':'user','content':'2+2?'},{'role':'assistant','content':'four'},"
                        + "{'role':'user','content':'and 3?'}]")));
    StreamTap tap = passage.tap(usage -> 0L);
    String chunk =
        "data: {'choices':[{'index':0,'delta':{'content':'five'},'finish_reason':'stop'}]}\n\n"
            + "data: [DONE]\n\n";
    tap.accept(ByteBuffer.wrap(bytes(chunk)), (bytes, from, length) -> {});
    tap.upstreamEnded((bytes, from, length) -> {});
    byte[] ending = tap.ending(MeasuredUsage.NONE);
    assertThat(text(ending))
        .contains("\"store\":true")
        .contains("\"previous_response_id\":\"resp_1\"");
    StoredTurn second = next.stored(ending).orElseThrow();
    assertThat(tree(second.response()).at("/output/0/content/0/text").asString()).isEqualTo("five");
  }

  private static StoredTurn turn(String body) {
    return storing(json(body), Optional.empty()).stored(bytes(ANSWER)).orElseThrow();
  }

  private static DecodedRequest storing(String body, Optional<StoredTurn> earlier) {
    Outcome<DecodedRequest> outcome =
        Dialects.decoded(Dialects.RESPONSES, body)
            .storing(id -> Outcome.done(earlier.filter(turn -> turn.id().equals(id))));
    return switch (outcome) {
      case Outcome.Done<DecodedRequest>(DecodedRequest request) -> request;
      case Outcome.Refused<DecodedRequest>(var refusal) ->
          throw new AssertionError(refusal.message());
    };
  }

  private static byte[] sent(DecodedRequest request) {
    return passage(request, Protocol.RESPONSES).body();
  }

  private static Passage passage(DecodedRequest request, Protocol protocol) {
    return Dialects.passage(request, Dialects.target(protocol, "m"), OptionalLong.empty());
  }

  private static JsonNode tree(byte[] json) {
    return Json.strictTree(json);
  }

  private static byte[] bytes(String text) {
    return json(text).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
