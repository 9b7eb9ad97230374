package io.bitrouter.wire.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.HeaderFields;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.Dialects;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in requests, what is refused of them and how they are passed on. */
class ResponsesRequestTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NOTHING | `` | 'input':'x'",
        "CONTENT | previous_response_id=resp_1 | 'previous_response_id':'resp_1'",
        "NOTHING | `` | 'previous_response_id':null,'conversation':null,'prompt':null",
        "CONTENT | conversation=conv_1 | 'conversation':'conv_1'",
        "CONTENT | conversation.id=conv_1 | 'conversation':{'id':'conv_1'}",
        "TOOLS | prompt.id=pmpt_1 | 'prompt':{'id':'pmpt_1','version':'2'}",
        "CONTENT | input.id=msg_1 | 'input':[{'type':'item_reference','id':'msg_1'}]",
        "CONTENT | input.id=msg_1 | 'input':[{'id':'msg_1'}]",
        "NOTHING | `` | 'input':[{'id':'msg_1','role':'assistant','content':'a'}]",
        "CONTENT | input.id=rs_1 | 'input':[{'type':'reasoning','id':'rs_1','summary':[]}]",
        "CONTENT | input.id=rs_1 | 'input':[{'type':'reasoning','id':'rs_1','content':[],"
            + "'encrypted_content':''}]",
        "NOTHING | `` | 'input':[{'type':'reasoning','id':'rs_1','encrypted_content':'g'}]",
        "NOTHING | `` | 'input':[{'type':'reasoning','id':'rs_1',"
            + "'content':[{'type':'reasoning_text','text':'a'}]}]",
        "CONTENT | input.id=ig_1 | 'input':[{'type':'image_generation_call','id':'ig_1'}]",
        "NOTHING | `` | 'input':[{'type':'image_generation_call','id':'ig_1','result':'A'}]",
        "CONTENT | input.id=h_1 | 'input':[{'type':'hologram','id':'h_1'}]",
        "NOTHING | `` | 'input':[{'type':'function_call','id':'fc_1','call_id':'c'}]",
        "CONTENT | input.content.file_id=file-1 | 'input':[{'role':'user','content':"
            + "[{'type':'input_file','file_id':'file-1'}]}]",
        "NOTHING | input.content.file_id=file-1 | 'input':[{'role':'user','content':"
            + "[{'type':'input_image','file_id':'file-1'}]}]",
        "CONTENT | input.output.file_id=file-1 | 'input':[{'type':'function_call_output',"
            + "'output':[{'type':'input_file','file_id':'file-1'}]}]",
        "NOTHING | input.container_id=cntr_1 | 'input':[{'type':'code_interpreter_call',"
            + "'id':'ci_1','container_id':'cntr_1'}]",
        "TOOLS | tools.vector_store_ids=vs_1 | 'tools':[{'type':'file_search',"
            + "'vector_store_ids':['vs_1']}]",
        "TOOLS | tools.container=cntr_1 | 'tools':[{'type':'code_interpreter',"
            + "'container':'cntr_1'}]",
        "TOOLS | tools.file_ids=file-1 | 'tools':[{'type':'code_interpreter',"
            + "'container':{'type':'auto','file_ids':['file-1']}}]",
        "TOOLS | tools.file_id=file-1 | 'tools':[{'type':'image_generation',"
            + "'input_image_mask':{'file_id':'file-1'}}]",
        "TOOLS | tools.vector_store_ids=vs_1 | 'input':[{'type':'tool_search_output','tools':"
            + "[{'type':'file_search','vector_store_ids':['vs_1']}]}]",
        "CONTENT | input.container_id=cntr_1 | 'input':[{'type':'shell_call','id':'sh_1',"
            + "'environment':{'type':'container_reference','container_id':'cntr_1'}}]",
        "NOTHING | `` | 'input':[{'type':'file_search_call','id':'fs_1',"
            + "'results':[{'file_id':'file-1'}]}]",
        "TOOLS | tools.tunnel_id=tun_1 | 'tools':[{'type':'mcp','tunnel_id':'tun_1'}]",
        "CONTENT | prompt_cache_options.comparison_response_id=resp_1 | "
            + "'prompt_cache_options':{'comparison_response_id':'resp_1'}",
        "NOTHING | `` | 'tools':[{'type':'function','name':'f','parameters':"
            + "{'properties':{'file_id':'a','container':'b'}}}]",
      })
  void whatIsKeptByAProvider(Elsewhere elsewhere, String handle, String members) {
    AskedRequest asked =
        Dialects.decoded(Dialects.RESPONSES, json("{'model':'m'," + members + "}")).asked();
    assertThat(asked.elsewhere()).isEqualTo(elsewhere);
    assertThat(asked.handles().stream().map(it -> it.member() + "=" + it.value()))
        .isEqualTo(handle.isEmpty() ? List.of() : List.of(handle));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "background | 'background':true",
        "store | 'store':'yes'",
        "max_output_tokens | 'max_output_tokens':-1",
        "previous_response_id | 'previous_response_id':7",
        "input.id | 'input':[{'id':'a','\\u0069d':'b'}]",
        "input.type | 'input':[{'type':'message','type':'item_reference'}]",
        "conversation.id | 'conversation':{'id':'a','id':'b'}",
        "prompt.id | 'prompt':{'id':'a','id':'b'}",
        "tools.tools.name | 'tools':[{'type':'namespace','tools':[{'name':'a','name':'b'}]}]",
      })
  void whatIsRefused(String member, String members) {
    byte[] body = json("{'model':'m'," + members + "}").getBytes(StandardCharsets.UTF_8);
    Outcome<DecodedRequest> outcome = Dialects.decode(Dialects.RESPONSES, body);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    if (outcome instanceof Outcome.Refused<DecodedRequest>(var refusal)) {
      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.param()).hasValue(member);
    }
  }

  /** Without them a model that thinks could not go on after its own calls. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true | `` | {'store':false,'include':['reasoning.encrypted_content'],'model':'m'}",
        "true | ,'include':null | "
            + "{'store':false,'model':'m','include':['reasoning.encrypted_content']}",
        "true | ,'include':[] | {'store':false,'model':'m','include':[]}",
        "true | ,'store':false | {'model':'m','store':false}",
        "false | `` | {'store':false,'model':'m'}",
      })
  void sealedThoughtsAreAskedForInPlaceOfStoredOnes(boolean thinks, String members, String sent) {
    Passage passage = passage("{'model':'m'" + members + "}", thinks);
    assertThat(new String(passage.body(), StandardCharsets.UTF_8)).isEqualTo(json(sent));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'store':false", ",'store':null"})
  void whatTheClientDidNotAskForIsNoWarning(String members) {
    assertThat(passage("{'model':'m'" + members + "}", false).warnings()).isEmpty();
  }

  @Test
  void thatNothingIsStoredIsAWarningToWhoAskedForIt() {
    assertThat(passage("{'model':'m','store':true}", false).warnings())
        .containsExactly("clamped:store");
  }

  @Test
  void theBetaHeaderAloneIsForwarded() {
    HeaderFields client =
        new HeaderFields() {
          @Override
          public Optional<String> first(String name) {
            return Optional.of("value of " + name);
          }

          @Override
          public List<String> all(String name) {
            return List.of("value of " + name);
          }
        };
    Passage passage = passage("{'model':'m'}", false);
    assertThat(passage.path()).isEqualTo("/responses");
    assertThat(passage.headers(client))
        .containsExactly(new HeaderField("openai-beta", "value of openai-beta"));
  }

  private static Passage passage(String body, boolean thinks) {
    Target target = Dialects.target(Protocol.RESPONSES, "m");
    Model model = target.model();
    Model asked =
        new Model(
            model.id(),
            model.upstreamModel(),
            model.price(),
            model.priceVersion(),
            model.contextTokens(),
            model.maxOutputTokens(),
            thinks,
            Abilities.UNKNOWN);
    return Dialects.passage(
        Dialects.decoded(Dialects.RESPONSES, json(body)),
        new Target(target.provider(), asked, Protocol.RESPONSES),
        OptionalLong.empty());
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
