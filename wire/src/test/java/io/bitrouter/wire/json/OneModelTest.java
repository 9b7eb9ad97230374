package io.bitrouter.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request runs the one model that is judged, at its price. */
class OneModelTest {
  private static final Set<String> MEMBERS = Set.of("model", "messages", "tools", "plugins");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "fallbacks | 'fallbacks':[{'model':'dear'}]",
        "fallbacks | 'fallb\\u0061cks':[{'model':'dear'}]",
        "preset | 'preset':'mine'",
        "tools.model | 'tools':[{'type':'advisor_20260301','name':'advisor','model':'dear'}]",
        "tools.model | 'tools':[{'type':'image_generation','model':'gpt-image-1'}]",
        "tools.model | 'tools':[{'type':'x','settings':[{'model':'dear'}]}]",
        "plugins.models | 'plugins':[{'id':'fusion','models':['dear']}]",
        "compound_custom.models | 'compound_custom':{'models':{'answering_model':'dear'}}",
        "tools.judge_model | 'tools':[{'type':'x','judge_model':'dear'}]",
        "service_tier | 'service_tier':'priority'",
        "service_tier | 'service_tier':'flex'",
        "service_tier | 'service_tier':['priority']",
        "speed | 'speed':'fast'",
        "inference_geo | 'inference_geo':'us'",
      })
  void refusesAnotherModelOrPrice(String member, String said) {
    assertThat(refusal(RequestScanner.scan(body("'model':'m'," + said), MEMBERS)).param())
        .isEqualTo(Optional.of(member));
    assertThat(refusal(ResponsesScanner.scan(body("'model':'m'," + said))).param())
        .isEqualTo(Optional.of(member));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "serviceTier | 'service_tier':'priority'",
        "generationConfig.routingConfig | 'generationConfig':{'routingConfig':{'autoMode':{}}}",
        "tools.googleSearch.model | 'tools':[{'google_search':{'model':'dear'}}]",
      })
  void refusesThemInGeminisProtocol(String member, String said) {
    assertThat(refusal(GeminiScanner.scan(body("'contents':[]," + said))).param())
        .isEqualTo(Optional.of(member));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'service_tier':'auto'",
        "'service_tier':'standard_only'",
        "'service_tier':null",
        "'speed':'standard'",
        "'fallbacks':null",
        "'metadata':{'model':'x'}",
        "'unknown':[{'model':'x'}]",
        "'client_metadata':{'model':'x'}",
        "'tools':[{'type':'function','function':{'name':'f','parameters':{'model':'x'}}}]",
        "'tools':[{'name':'f','input_schema':{'properties':{'model':{'type':'string'}}}}]",
        "'messages':[{'role':'assistant','content':'a','model':'x'}]",
      })
  void takesWhatChangesNeither(String said) {
    assertThat(RequestScanner.scan(body("'model':'m'," + said), MEMBERS))
        .isInstanceOf(Outcome.Done.class);
  }

  private static byte[] body(String members) {
    return ("{" + members.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8);
  }

  private static Refusal refusal(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Refused<?>(Refusal refusal) -> refusal;
      case Outcome.Done<?> done -> throw new AssertionError("taken");
    };
  }
}
