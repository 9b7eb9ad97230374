package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.gateway.Dialect.RenderedRefusal;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every refusal in every envelope, one line each: status, body, headers. */
class ErrorGoldenTest {

  private static final RequestId ID =
      RequestId.parse("req_01m80zdvykff17en9vm7ms1xsj").orElseThrow();

  @Test
  void chat() throws IOException {
    assertThat(lines(Dialects.CHAT::render)).isEqualTo(golden("chat/errors.txt"));
  }

  @Test
  void messages() throws IOException {
    assertThat(lines(Dialects.MESSAGES::render)).isEqualTo(golden("messages/errors.txt"));
  }

  @Test
  void responsesAreLikeChats() throws IOException {
    assertThat(lines(Dialects.RESPONSES::render)).isEqualTo(golden("chat/errors.txt"));
  }

  @Test
  void gemini() throws IOException {
    assertThat(lines(Dialects.GEMINI::render)).isEqualTo(golden("gemini/errors.txt"));
  }

  @Test
  void flat() throws IOException {
    assertThat(lines(FlatErrors::render)).isEqualTo(golden("flat-errors.txt"));
  }

  @Test
  void inStreams() {
    Refusal refusal = Refusal.of(RefusalCode.STREAM_TRUNCATED, "the \"end\" is\nmissing");
    assertThat(text(Dialects.CHAT.renderInStream(refusal, ID)))
        .isEqualTo(
            "data: {\"error\":{\"message\":\"the \\\"end\\\" is\\nmissing\","
                + "\"type\":\"upstream_error\",\"param\":null,\"code\":\"stream_truncated\"},"
                + "\"request_id\":\"req_01m80zdvykff17en9vm7ms1xsj\"}\n\n");
    assertThat(text(Dialects.MESSAGES.renderInStream(refusal, ID)))
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\","
                + "\"message\":\"the \\\"end\\\" is\\nmissing\",\"code\":\"stream_truncated\"},"
                + "\"request_id\":\"req_01m80zdvykff17en9vm7ms1xsj\"}\n\n");
    assertThat(text(Dialects.RESPONSES.renderInStream(refusal, ID)))
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"code\":\"stream_truncated\","
                + "\"message\":\"the \\\"end\\\" is\\nmissing\",\"param\":null,"
                + "\"sequence_number\":0}\n\n");
  }

  private static String lines(BiFunction<Refusal, RequestId, RenderedRefusal> envelope) {
    List<Refusal> refusals = new ArrayList<>();
    for (RefusalCode code : RefusalCode.values()) {
      refusals.add(Refusal.of(code, "what happened"));
    }
    refusals.add(
        Refusal.of(RefusalCode.MODEL_NOT_FOUND, "what happened")
            .withParam("model")
            .withHint("what to do"));
    refusals.add(Refusal.of(RefusalCode.NODE_OVERLOADED, "what happened").withRetryAfter(3));
    refusals.add(
        Refusal.of(RefusalCode.RATE_LIMITED, "what happened")
            .withRetryAfterMillis(1_201)
            .withPolicy("pol_1"));
    for (int status : new int[] {404, 413, 422, 429, 529}) {
      refusals.add(
          Refusal.of(RefusalCode.UPSTREAM_REJECTED, "what happened")
              .withStatus(status)
              .withUpstreamCode("their_code"));
    }
    return refusals.stream()
        .map(refusal -> line(envelope.apply(refusal, ID)))
        .collect(Collectors.joining());
  }

  private static String line(RenderedRefusal rendered) {
    assertThat(rendered.head().contentType()).isEqualTo("application/json");
    String headers =
        rendered.head().fields().stream()
            .map((HeaderField field) -> field.name() + ": " + field.value())
            .collect(Collectors.joining("; "));
    return rendered.head().status() + " " + text(rendered.body()) + " " + headers + "\n";
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ErrorGoldenTest.class.getResourceAsStream("/golden/" + name))) {
      return text(in.readAllBytes());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
