package io.bitrouter.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestScannerTest {

  @Test
  void readsTheMembersAndWhereTheyStand() {
    String body =
        " {\"model\" : \"a\\u002fb\",\"stream\":true,\"n\":3,\"max_tokens\":0,"
            + "\"max_completion_tokens\":7,\"tools\": [ {\"x\":\"é\"} ] ,"
            + "\"stream_options\":{\"include_usage\":true,\"x\":{}}} \n";
    RequestScan scan = accepted(body);

    assertThat(scan.model()).isEqualTo("a/b");
    assertThat(text(body, scan.modelAt())).isEqualTo("\"a\\u002fb\"");
    assertThat(scan.stream()).isTrue();
    assertThat(scan.choices()).isEqualTo(3);
    assertThat(scan.maxTokens().orElseThrow().tokens()).isEqualTo(OptionalLong.of(0));
    RequestScan.OutputLimit newer = scan.maxCompletionTokens().orElseThrow();
    assertThat(newer.tokens()).isEqualTo(OptionalLong.of(7));
    assertThat(text(body, newer.at())).isEqualTo("7");
    assertThat(scan.tools().map(at -> text(body, at))).hasValue("[ {\"x\":\"é\"} ]");
    assertThat(scan.membersAt()).isEqualTo(2);
    RequestScan.StreamOptions options = scan.streamOptions().orElseThrow();
    assertThat(text(body, options.at())).isEqualTo("{\"include_usage\":true,\"x\":{}}");
    assertThat(options.includeUsage()).isTrue();
    assertThat(options.includeUsageAt().map(at -> text(body, at))).hasValue("true");
  }

  @Test
  void takesNullForAbsent() {
    RequestScan scan =
        accepted(
            "{\"model\":\"m\",\"stream\":null,\"n\":null,\"max_tokens\":null,\"tools\":null,"
                + "\"stream_options\":null}");
    assertThat(scan.stream()).isFalse();
    assertThat(scan.choices()).isEqualTo(1);
    assertThat(scan.maxTokens().orElseThrow().tokens()).isEmpty();
    assertThat(scan.maxCompletionTokens()).isEmpty();
    assertThat(scan.tools()).isEmpty();
    assertThat(scan.streamOptions().orElseThrow().present()).isFalse();
  }

  @Test
  void leavesWhatItDoesNotReadAlone() {
    accepted("{\"x\":{\"a\":1,\"a\":2},\"model\":\"m\",\"y\":1e999}");
    byte[] others = bytes("{\"model\":\"m\",\"n\":\"many\",\"stream\":[]}");
    assertThat(RequestScanner.scan(others, Set.of("model"))).isInstanceOf(Outcome.Done.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\":\"m\",\"model\":\"m\"}|model|occurs twice",
        "{\"model\":\"m\",\"mod\\u0065l\":\"x\"}|model|occurs twice",
        "{\"other\":1,\"model\":\"m\",\"other\":1}|other|occurs twice",
        "{\"model\":\"m\",\"stream_options\":{\"a\":1,\"\\u0061\":1}}|stream_options.a|occurs"
            + " twice",
        "{\"model\":\"m\",\"stream_options\":[]}|stream_options|must be an object, it is an array",
        "{\"model\":\"m\",\"stream_options\":{\"include_usage\":1}}"
            + "|stream_options.include_usage|must be true or false",
        "{}|model|is required",
        "{\"model\":null}|model|must be a string, it is null",
        "{\"model\":{}}|model|must be a string, it is an object",
        "{\"model\":\"\"}|model|must not be empty",
        "{\"model\":\"m\",\"stream\":\"true\"}|stream|must be true or false, it is a string",
        "{\"model\":\"m\",\"n\":0}|n|must be an integer from 1 to 128",
        "{\"model\":\"m\",\"n\":129}|n|must be an integer from 1 to 128",
        "{\"model\":\"m\",\"n\":1.0}|n|it is a fraction",
        "{\"model\":\"m\",\"max_tokens\":-1}|max_tokens|must be an integer from 0 to 2147483647",
        "{\"model\":\"m\",\"max_tokens\":2147483648}|max_tokens|must be an integer",
        "{\"model\":\"m\",\"max_tokens\":99999999999999999999999}|max_tokens|must be an integer",
        "{\"model\":\"m\",\"max_completion_tokens\":\"5\"}|max_completion_tokens|it is a string",
        "{\"model\":\"m\",\"messages\":[{\"content\":\"a\",\"cont\\u0065nt\":\"b\"}]}"
            + "|messages.content|occurs twice, again at line 1",
        "{\"model\":\"m\",\"messages\":[{\"cache_control\":1,\"cache_control\":null}]}"
            + "|messages.cache_control|occurs twice",
        "{\"model\":\"m\",\"messages\":[{\"audio\":null,\"audio\":{}}]}|messages.audio|occurs twice",
        "{\"model\":\"m\",\"messages\":[{\"content\":[{\"type\":\"text\",\"type\":\"file\"}]}]}"
            + "|messages.content.type|occurs twice",
        "{\"model\":\"m\",\"messages\":[{\"content\":[{\"content\":0,\"content\":[]}]}]}"
            + "|messages.content.content|occurs twice",
        "{\"model\":\"m\",\"system\":[{\"source\":0,\"source\":{}}]}|system.source|occurs twice",
        "{\"model\":\"m\",\"system\":[{\"source\":{\"content\":0,\"content\":1}}]}"
            + "|system.source.content|occurs twice",
        "{\"model\":\"m\",\"tools\":[{\"name\":\"a\",\"name\":\"a\"}]}|tools.name|occurs twice",
        "{\"model\":\"m\",\"tools\":[{\"function\":{},\"function\":{}}]}"
            + "|tools.function|occurs twice",
        "{\"model\":\"m\",\"tools\":[{\"custom\":{\"name\":\"a\",\"name\":\"b\"}}]}"
            + "|tools.custom.name|occurs twice",
        "{\"model\":\"m\",\"functions\":[{\"type\":null,\"type\":null}]}|functions.type|occurs twice",
        "{\"model\":\"m\",\"tools\":[{\"name\":7}]}|tools.name|must be a string",
        "{\"model\":\"m\",\"messages\":[{\"content\":[{\"file\":0,\"file\":{}}]}]}"
            + "|messages.content.file|occurs twice",
        "{\"model\":\"m\",\"messages\":[{\"content\":{\"file\":{\"file_id\":null,\"file_id\":\"f\"}}}]}"
            + "|messages.content.file.file_id|occurs twice",
        "{\"model\":\"m\",\"messages\":[{\"content\":{\"file_id\":null,\"file_id\":\"f\"}}]}"
            + "|messages.content.file_id|occurs twice",
        "{\"model\":\"m\",\"messages\":[{\"content\":{\"file_id\":7}}]}"
            + "|messages.content.file_id|must be a string",
        "{\"model\":\"m\",\"system\":[{\"source\":{\"file_id\":null,\"file_id\":\"f\"}}]}"
            + "|system.source.file_id|occurs twice",
        "{\"model\":\"m\",\"messages\":[{\"audio\":{\"id\":\"a\",\"id\":\"b\"}}]}"
            + "|messages.audio.id|occurs twice",
        "{\"model\":\"m\",\"container\":{\"id\":\"a\",\"id\":\"b\"}}|container.id|occurs twice",
        "{\"model\":\"m\",\"container\":7}|container|must be a string",
        "{\"model\":\"m\",\"container\":{\"skills\":[{\"type\":\"custom\",\"type\":\"anthropic\"}]}}"
            + "|container.skills.type|occurs twice",
        "{\"model\":\"m\",\"metadata\":{\"user_id\":\"a\",\"user_id\":\"b\"}}"
            + "|metadata.user_id|occurs twice",
        "{\"model\":\"m\",\"user\":7}|user|must be a string, it is an integer",
        "{\"model\":\"m\",\"models\":\"n\"}|models|must be a list of strings, it is a string",
        "{\"model\":\"m\",\"models\":[null]}|models|must list strings, in it is null",
        "{\"model\":\"m\",\"models\":[\"\"]}|models|must not be empty",
        "{\"model\":\"m\",\"messages\":[{\"content\":[{\"type\":[\"text\"]}]}]}"
            + "|messages.content.type|must be a string",
      })
  void refusesWhatIsWrongAndNamesTheMember(String body, String param, String message) {
    Refusal refusal = refused(bytes(body));
    assertThat(refusal.param()).hasValue(param);
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.message()).contains("'" + param + "'").contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|it is an array",
        "7|it is an integer",
        "{\"model\":\"m\"|not valid JSON at line 1, column",
        "{\"model\":\"m\",}|not valid JSON at line 1, column 14",
        "{\"model\":\"m\"}{}|something follows the JSON object at line 1, column 14",
        "{\"model\":\"m\"}]|not valid JSON at line 1, column 14",
        "{\"model\":\"m\", \"a\":01}|not valid JSON",
        "{\"model\":\"m\", \"a\":'x'}|not valid JSON",
        "{\"model\":\"m\", \"a\":NaN}|not valid JSON",
        "{\"model\":\"m\", /* c */ \"a\":1}|not valid JSON",
        "{\"model\":\"m\", \"a\":\"\\x\"}|not valid JSON",
      })
  void refusesWhatIsNotOneJsonObject(String body, String message) {
    assertThat(refused(bytes(body)).message()).contains(message);
  }

  /** Looking at how the text begins read beyond the body. */
  @Test
  void refusesABodyThatEndsWhereATextBegins() {
    assertThat(refused(bytes("{\"model\":\"m\",\"messages\":[{\"content\":\"")).message())
        .contains("not valid JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t "})
  void refusesAnEmptyBody(String body) {
    assertThat(refused(bytes(body)).message()).isEqualTo("the body is empty: send a JSON object");
  }

  @Test
  void saysTheLineOfAFault() {
    assertThat(refused(bytes("{\n \"model\":\"m\",\n  \"a\": tru }")).message())
        .contains("at line 3, column");
  }

  @Test
  void refusesOtherEncodings() {
    assertThat(refused(bytes("\uFEFF{}")).message()).contains("byte order mark");
    assertThat(refused("{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_16LE)).message())
        .contains("not valid JSON");
    assertThat(refused("{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_16BE)).message())
        .contains("not valid JSON");
    assertThat(refused("{\"model\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1)).message())
        .isEqualTo("the body is not valid UTF-8 at byte 10");
  }

  @Test
  void boundsDepthNumbersNamesAndMembers() {
    String deep = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
    assertThat(refused(bytes("{\"model\":\"m\",\"a\":" + deep + "}")).message())
        .contains("nested deeper than 256");
    accepted("{\"model\":\"m\",\"a\":" + deep.substring(1, deep.length() - 1) + "}");
    assertThat(refused(bytes("{\"model\":\"m\",\"a\":" + "1".repeat(1_001) + "}")).message())
        .contains("a number has more than 1000 characters");
    assertThat(refused(bytes("{\"" + "n".repeat(20_000) + "\":1}")).message())
        .contains("a member name has more than 10000 bytes");
    StringBuilder many = new StringBuilder("{\"model\":\"m\"");
    for (int i = 0; i < RequestScanner.MAX_MEMBERS; i++) {
      many.append(",\"m").append(i).append("\":0");
    }
    assertThat(refused(bytes(many + "}")).message()).contains("more than 1024 members");
  }

  @Test
  void boundsTheModelNameInCharacters() {
    accepted("{\"model\":\"" + "é".repeat(256) + "\"}");
    accepted("{\"model\":\"" + "\\u00e9".repeat(256) + "\"}");
    for (String name : new String[] {"a".repeat(257), "\\u00e9".repeat(257), "a".repeat(5_000)}) {
      assertThat(refused(bytes("{\"model\":\"" + name + "\"}")).message())
          .isEqualTo("'model' must have at most 256 characters");
    }
  }

  @Test
  void boundsToolsAndPiecesOfContent() {
    String parts = "{\"type\":\"text\"},".repeat(ContentReader.MAX_PARTS - 1);
    String body =
        "{\"model\":\"m\",\"messages\":[{\"content\":[" + parts + "\"free\"]}],\"tools\":";
    accepted(body + "[{\"name\":\"one\"}]}");
    assertThat(refused(bytes(body + "[{\"name\":\"one\"},{\"name\":\"two\"}]}")).message())
        .isEqualTo("the body has more than 4096 tools and pieces of content");
    accepted("{\"model\":\"m\",\"tools\":[{\"name\":\"" + "é".repeat(256) + "\"}]}");
    String name = "n".repeat(257);
    assertThat(
            refused(bytes("{\"model\":\"m\",\"tools\":[{\"name\":\"" + name + "\"}]}")).message())
        .isEqualTo("'tools.name' must have at most 256 characters");
    assertThat(refused(bytes("{\"model\":\"m\",\"system\":{\"type\":\"" + name + "\"}}")).message())
        .isEqualTo("'system.type' must have at most 256 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'messages':[{'content':[{'type':'file','file':{'file_id':'f1'}},"
            + "{'type':'file','file':{'file_id':null}}]}]|messages.content.file.file_id=f1",
        "'messages':[{'content':{'type':'tool_result','content':[{'type':'document',"
            + "'source':{'type':'file','file_id':'f2'}}]}}]|messages.content.source.file_id=f2",
        "'messages':[{'content':[{'type':'container_upload','file_id':'f3'}]}]"
            + "|messages.content.file_id=f3",
        "'messages':[{'role':'assistant','audio':{'id':'a1'}}]|messages.audio.id=a1",
        "'messages':[{'content':[{'type':'tool_use','input':{'file_id':'mine'}}]}]|``",
        "'messages':[{'content':[{'type':'image_url','image_url':{'url':'gs://b/o'}},"
            + "{'image_url':{'url':'https://example.org/a b'}},{'image_url':'\\u0064ata:,a'},"
            + "{'image_url':'iVBORw0KGgo='},{'image_url':'\\u006ds:f4'}]}]"
            + "|messages.content.image_url.url=gs://b/o messages.content.image_url=ms:f4",
        "'messages':[{'content':[{'source':{'type':'url',"
            + "'url':'https://generativelanguage.googleapis.com/v1beta/files/f5'}}]}]"
            + "|messages.content.source.url="
            + "https://generativelanguage.googleapis.com/v1beta/files/f5",
        "'messages':[{'content':[{'type':'compaction','tool_changes':[{'tool':{'definition':"
            + "{'file_ids':['f6']}}}]}]}]|messages.content.file_ids=f6",
        "'messages':[{'content':[{'type':'text','text':'a','citations':[{'file_id':'f7'}]}]}]|``",
        "'audio':{'voice':{'id':'v1'},'format':'wav'}|audio.voice.id=v1",
        "'audio':{'voice':'alloy','format':'wav'}|``",
        "'diagnostics':{'previous_message_id':'m1'},'thread':{'previous_message_id':'m2'}"
            + "|diagnostics.previous_message_id=m1 thread.previous_message_id=m2",
        "'previous_message_id':null,'fallback_credit_token':{'token':'t1','mode':'x'}"
            + "|fallback_credit_token.token=t1",
        "'extra_body':{'google':{'cached_content':'cachedContents/1'}}"
            + "|extra_body.cached_content=cachedContents/1",
        "'metadata':{'file_id':'mine'},'response_format':{'file_id':'mine'}|``",
        "'tools':[{'type':'file_search','vector_store_ids':['s3']}]|tools.vector_store_ids=s3",
        "'tools':[{'function':{'name':'f','parameters':{'default':{'file_id':'a'}}}}]|``",
        "'container':'c1'|container=c1",
        "'container':null|``",
        "'container':{'id':'c2','skills':[{'skill_id':'pdf','type':'anthropic'},"
            + "{'type':'custom','skill_id':'s1'},{'skill_id':'s2'}]}"
            + "|container.id=c2 container.skills.skill_id=s1 container.skills.skill_id=s2",
      })
  void findsTheNamesOfObjectsThatProvidersKeep(String members, String expected) {
    RequestScan scan = accepted(("{'model':'m'," + members + "}").replace('\'', '"'));
    assertThat(
            scan.content().handles().stream()
                .map(handle -> handle.member() + "=" + handle.value())
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m','user':'a'}|{'model':'up','user':'-a-'}",
        "{'user':null,'model':'m','metadata':{'x':'y','user_id':'b','user':'z'}}"
            + "|{'user':null,'model':'up','metadata':{'x':'y','user_id':'-b-','user':'z'}}",
        "{'safety_identifier' : 'é' ,'model':'m','prompt_cache_key':''}"
            + "|{'safety_identifier' : '-é-' ,'model':'up','prompt_cache_key':'--'}",
        "{'model':'m','store':true}|{'model':'up','store':false}",
        "{'model':'m','store':null}|{'model':'up','store':null}",
        "{'models':['n'],'model':'m'}|{'model':'up'}",
        "{ 'models' : ['n'] , 'model':'m'}|{  'model':'up'}",
        "{'model':'m','models':null}|{'model':'up'}",
        "{'model':'m' , 'models':['n','o'] }|{'model':'up'  }",
        "{'model':'m','models':[],'x':[1,2]}|{'model':'up','x':[1,2]}",
      })
  void replacesNamesAndLeavesOutModels(String body, String expected) {
    String json = body.replace('\'', '"');
    RequestScan scan = accepted(json);
    byte[] sent = scan.splices("up", name -> "-" + name + "-").applyTo(bytes(json));
    assertThat(new String(sent, StandardCharsets.UTF_8)).isEqualTo(expected.replace('\'', '"'));
  }

  @Test
  void takesMembersInBeforeAListOfModelsThatIsLeftOut() {
    String body = "{\"models\":[\"n\"],\"model\":\"m\"}";
    RequestScan scan = accepted(body);
    Splices splices = scan.splices("m", name -> name);
    byte[] sent = splices.member(scan.membersAt(), Optional.empty(), "x", "1").applyTo(bytes(body));
    assertThat(new String(sent, StandardCharsets.UTF_8)).isEqualTo("{\"x\":1,\"model\":\"m\"}");
    assertThat(scan.fallbacks()).containsExactly("n");
  }

  @Test
  void boundsModelsToTryAndHandles() {
    String models = "\"n\",".repeat(RequestScanner.MAX_FALLBACKS - 1);
    accepted("{\"model\":\"m\",\"models\":[" + models + "\"n\"]}");
    assertThat(refused(bytes("{\"model\":\"m\",\"models\":[" + models + "\"n\",\"o\"]}")).message())
        .isEqualTo("'models' must list at most 16 models");
    String handle = "h".repeat(ContentReader.MAX_HANDLE + 1);
    assertThat(refused(bytes("{\"model\":\"m\",\"container\":\"" + handle + "\"}")).message())
        .isEqualTo("'container' must have at most 1024 characters");
  }

  private static RequestScan accepted(String body) {
    return switch (RequestScanner.scan(bytes(body), RequestScanner.MEMBERS)) {
      case Outcome.Done<RequestScan>(RequestScan scan) -> scan;
      case Outcome.Refused<RequestScan>(Refusal refusal) ->
          throw new AssertionError(refusal.message());
    };
  }

  private static Refusal refused(byte[] body) {
    return switch (RequestScanner.scan(body, RequestScanner.MEMBERS)) {
      case Outcome.Done<RequestScan>(RequestScan scan) -> throw new AssertionError(scan);
      case Outcome.Refused<RequestScan>(Refusal refusal) -> refusal;
    };
  }

  private static String text(String body, Span at) {
    return new String(bytes(body), at.start(), at.length(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
