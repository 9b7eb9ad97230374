package io.bitrouter.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.Dialects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shows that the fuzzer and the round trip report what is wrong. */
class FuzzCanFailTest {

  @Test
  void theFuzzerReportsWhatItFinds(@TempDir Path folder) throws IOException, InterruptedException {
    Map<String, byte[]> corpus = Map.of("near", bytes("{\"y"));
    Fuzzer.Result result = new Fuzzer(folder).run(Planted.class, corpus, 30);
    assertThat(result.finding())
        .hasValueSatisfying(
            finding -> assertThat(finding).contains("the planted hole", "Base64: "));
  }

  @Test
  void theRoundTripReportsARefusalThatIsNotTheClients() {
    RoundTrip broken = new RoundTrip(new Refusing(Dialects.CHAT));
    assertThatThrownBy(() -> broken.check(bytes("{}"))).hasMessageContaining("refused as ");
  }

  @Test
  void theRoundTripReportsWhatThrows() {
    RoundTrip sound = new RoundTrip(Dialects.CHAT);
    sound.check(bytes("{}"));
    RoundTrip broken = new RoundTrip(new Throwing(Dialects.CHAT));
    assertThatThrownBy(() -> broken.check(bytes("{}"))).hasMessageContaining("planted");
  }

  /** Has one hole. */
  public static final class Planted {
    private Planted() {}

    /** Fails for what begins in one way. */
    public static void fuzzerTestOneInput(byte[] input) {
      if (input.length > 2 && input[0] == '{' && input[1] == '"' && input[2] == 'z') {
        throw new IllegalStateException("the planted hole");
      }
    }
  }

  /** Refuses what clients send as if it were the node's fault. */
  private record Refusing(Dialect sound) implements Forwarding {
    @Override
    public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
      return Outcome.refused(Refusal.of(RefusalCode.UPSTREAM_ERROR, "planted"));
    }
  }

  /** Throws where it should refuse. */
  private record Throwing(Dialect sound) implements Forwarding {
    @Override
    public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
      throw new IllegalStateException("planted");
    }
  }

  private interface Forwarding extends Dialect {
    Dialect sound();

    @Override
    default Protocol protocol() {
      return sound().protocol();
    }

    @Override
    default RenderedRefusal render(Refusal refusal, RequestId requestId) {
      return sound().render(refusal, requestId);
    }

    @Override
    default byte[] renderInStream(Refusal refusal, RequestId requestId) {
      return sound().renderInStream(refusal, requestId);
    }

    @Override
    default byte[] keepAlive() {
      return sound().keepAlive();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
