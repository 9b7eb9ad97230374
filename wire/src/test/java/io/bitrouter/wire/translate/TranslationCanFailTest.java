package io.bitrouter.wire.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.wire.gemini.GeminiClientCodec;
import io.bitrouter.wire.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Shows that the check finds codecs that write what is no JSON, or fail in another way. */
class TranslationCanFailTest {

  private static final int RUNS = 500;

  @Test
  void acceptsAnUpstreamThatIsAlwaysToldTheSame() {
    assertThat(
            TranslationCheck.upstream(new Told(TranslationCanFailTest::same), Protocol.GEMINI, RUNS)
                .fault())
        .isEmpty();
  }

  @Test
  void reportsAnUpstreamThatIsToldTextsAsTheyAre() {
    Told raw = new Told(request -> "{\"user\":\"" + request.user().orElse("") + "\"}");
    assertThat(TranslationCheck.upstream(raw, Protocol.GEMINI, RUNS).fault())
        .hasValueSatisfying(fault -> assertThat(fault).contains("StreamReadException"));
  }

  @Test
  void reportsAnUpstreamThatTakesNotMoreThanOneChoice() {
    Told one =
        new Told(request -> {
          if (request.choices() > 1) {
            throw new IllegalStateException("too many");
          }
          return "{}";
        });
    assertThat(TranslationCheck.upstream(one, Protocol.GEMINI, RUNS).fault())
        .hasValueSatisfying(fault -> assertThat(fault).contains("too many"));
  }

  @Test
  void reportsAnUpstreamForWhichSurrogatesAreNotEscaped() {
    Told raw =
        new Told(request ->
            new String(
                Json.bytes(json -> {
                  json.writeStartObject();
                  json.writeName("user");
                  json.writeRawValue('"' + request.user().orElse("").replaceAll("\\W", "") + '"');
                  json.writeName("halves");
                  json.writeRawValue(request.user().filter("\ud83d"::equals).orElse("0"));
                  json.writeEndObject();
                }),
                StandardCharsets.UTF_8));
    assertThat(TranslationCheck.upstream(raw, Protocol.GEMINI, RUNS).fault())
        .hasValueSatisfying(fault -> assertThat(fault).contains("refused without a reason"));
  }

  @Test
  void reportsAClientThatGetsTextsAsTheyAre() {
    assertThat(TranslationCheck.client(RawClient::new, RUNS).fault())
        .hasValueSatisfying(fault -> assertThat(fault).contains("StreamReadException"));
  }

  @Test
  void reportsAClientThatIsBelieved() {
    JsonNode body =
        Json.strictTree("{\"contents\":[{\"parts\":[]}]}".getBytes(StandardCharsets.UTF_8));
    assertThat(
            TranslationCheck.between(
                    RawClient::new,
                    body,
                    new Told(TranslationCanFailTest::same),
                    Protocol.MESSAGES,
                    RUNS)
                .fault())
        .hasValueSatisfying(fault -> assertThat(fault).contains("contents is no array"));
  }

  private static String same(InferenceRequest unused) {
    return "{\"turns\":[]}";
  }

  /** An upstream that is told what a function makes of a request. */
  private record Told(Function<InferenceRequest, String> body) implements UpstreamCodec {
    @Override
    public String path(Model model) {
      return "/told";
    }

    @Override
    public List<HeaderField> headers() {
      return List.of();
    }

    @Override
    public byte[] write(InferenceRequest request, Model model, Notes notes) {
      return body.apply(request).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public ReplyReader reader(String callIdPrefix) {
      return (event, out) -> {};
    }
  }

  /** A client that is right only as long as nothing odd comes up. */
  private static final class RawClient implements ClientCodec {
    private final GeminiClientCodec right = new GeminiClientCodec(false);

    @Override
    public InferenceRequest read(JsonNode body, AskedRequest asked) {
      if (!body.path("contents").isArray()) {
        throw new ClassCastException("contents is no array");
      }
      return right.read(body, asked);
    }

    @Override
    public ReplyWriter stream(ReplyContext context) {
      return new ReplyWriter() {
        @Override
        public void write(ReplyEvent event, ByteArrayOutputStream out) {
          if (event instanceof ReplyEvent.Text text) {
            out.writeBytes(
                ("data: {\"text\":\"" + text.delta() + "\"}\n\n").getBytes(StandardCharsets.UTF_8));
          }
        }

        @Override
        public void end(
            List<ReplyEvent.Finished> finished, MeasuredUsage usage, ByteArrayOutputStream out) {
          out.writeBytes("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        }
      };
    }

    @Override
    public byte[] whole(Reply reply, ReplyContext context) {
      return right.whole(reply, context);
    }

    @Override
    public byte[] failure(String message) {
      return right.failure(message);
    }
  }
}
