package io.bitrouter.it.bench;

import com.sun.management.OperatingSystemMXBean;
import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.DialectRegistry;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a chunk of an answer costs to be translated, in this process and with nothing around it: the
 * same stream goes through a tap that passes it on and through one that writes it anew, in turns.
 * CPU time is that of the process, so that what is made for the garbage collector counts.
 */
final class TranslateLeg {

  private static final int CHUNKS = 200;

  /** Length of a turn: the process's CPU time is counted in hundredths of a second. */
  private static final long TURN_NANOS = 400_000_000L;

  private static final int WARM_UP_TURNS = 6;

  private static final String MESSAGE = "{\"role\":\"user\",\"content\":\"hi\"}";

  /** Client and upstream. */
  private record Pair(Protocol client, Protocol upstream) {
    @Override
    public String toString() {
      return client.text() + " over " + upstream.text();
    }
  }

  private static final List<Pair> PAIRS =
      List.of(
          new Pair(Protocol.MESSAGES, Protocol.CHAT),
          new Pair(Protocol.CHAT, Protocol.MESSAGES),
          new Pair(Protocol.RESPONSES, Protocol.CHAT),
          new Pair(Protocol.CHAT, Protocol.RESPONSES),
          new Pair(Protocol.GEMINI, Protocol.CHAT),
          new Pair(Protocol.CHAT, Protocol.GEMINI));

  private final Report report;
  private final DialectRegistry dialects = new DialectRegistry();
  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private TranslateLeg(Report report) {
    this.report = report;
  }

  static void run(Report report, Settings settings) {
    TranslateLeg leg = new TranslateLeg(report);
    List<Course> courses = PAIRS.stream().map(leg::course).toList();
    for (int i = 0; i < WARM_UP_TURNS; i++) {
      courses.forEach(course -> {
        double unused = course.passing() + course.translating();
      });
    }
    courses.forEach(course -> leg.measure(course, settings.pairs()));
  }

  private void measure(Course course, int rounds) {
    List<Double> passing = new ArrayList<>();
    List<Double> translating = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      passing.add(course.passing());
      translating.add(course.translating());
      ratios.add(translating.getLast() / passing.getLast());
    }
    report.atMost(course.pair + " to passing on", ratios, "times", 3);
    passing.sort(null);
    translating.sort(null);
    report.figure("  passed on, a chunk", Report.quantile(passing, 0.5), "ns");
    report.figure("  translated, a chunk", Report.quantile(translating, 0.5), "ns");
  }

  private Course course(Pair pair) {
    return new Course(
        pair,
        passage(pair.upstream(), pair.upstream()),
        passage(pair.client(), pair.upstream()),
        RecordedStreams.of(pair.upstream(), CHUNKS));
  }

  /** A pair with what it needs. */
  private final class Course {
    private final Pair pair;
    private final Passage same;
    private final Passage other;
    private final List<ByteBuffer> reads;
    private long written;

    Course(Pair pair, Passage same, Passage other, List<ByteBuffer> reads) {
      this.pair = pair;
      this.same = same;
      this.other = other;
      this.reads = reads;
    }

    double passing() {
      return nanosPerChunk(same);
    }

    double translating() {
      return nanosPerChunk(other);
    }

    private double nanosPerChunk(Passage passage) {
      long start = System.nanoTime();
      long cpu = process.getProcessCpuTime();
      long streams = 0;
      while (System.nanoTime() - start < TURN_NANOS) {
        stream(passage);
        streams++;
      }
      return (process.getProcessCpuTime() - cpu) / (double) (streams * CHUNKS);
    }

    private void stream(Passage passage) {
      StreamTap tap = passage.tap(usage -> 0);
      for (ByteBuffer read : reads) {
        tap.accept(read.rewind(), (bytes, from, length) -> written += length);
      }
      tap.upstreamEnded((bytes, from, length) -> written += length);
      StreamTap.StreamReport said = tap.report();
      if (!said.complete() || said.outputBytes() != CHUNKS * RecordedStreams.PIECE_BYTES) {
        report.wrong(pair + ": " + said.outputBytes() + " bytes, complete " + said.complete());
      }
      written += tap.ending(said.usage().orElseThrow()).length;
    }
  }

  /** A streamed request on its way to an upstream. */
  private Passage passage(Protocol client, Protocol upstream) {
    Outcome<DecodedRequest> decoded =
        dialects.of(client).decode(body(client).getBytes(StandardCharsets.US_ASCII), exchange());
    OnBehalf onBehalf =
        new OnBehalf(
            RequestId.parse("req_01m80zdvykff17en9vm7ms1xsj").orElseThrow(),
            SignatureVault.NONE,
            name -> name);
    return done(done(decoded).toward(target(upstream), OptionalLong.empty(), onBehalf));
  }

  private static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new IllegalStateException(refusal.message());
    };
  }

  private static String body(Protocol client) {
    return switch (client) {
      case CHAT -> "{\"model\":\"m\",\"stream\":true,\"messages\":[" + MESSAGE + "]}";
      case MESSAGES ->
          "{\"model\":\"m\",\"stream\":true,\"max_tokens\":256,\"messages\":[" + MESSAGE + "]}";
      case RESPONSES -> "{\"model\":\"m\",\"stream\":true,\"input\":\"hi\"}";
      case GEMINI -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
    };
  }

  /** What Gemini says outside of the body. */
  private static ClientExchange exchange() {
    Map<String, Object> said =
        Map.of("path", "/v1beta/models/m:streamGenerateContent", "query", Optional.of("sse"));
    return (ClientExchange)
        Proxy.newProxyInstance(
            TranslateLeg.class.getClassLoader(),
            new Class<?>[] {ClientExchange.class},
            (proxy, method, arguments) -> said.get(method.getName()));
  }

  private static Target target(Protocol protocol) {
    ProviderId id = new ProviderId("p");
    Model model =
        new Model(
            new ModelId(id, "m"),
            "m",
            Optional.empty(),
            "",
            OptionalLong.empty(),
            OptionalLong.of(64_000),
            false,
            Abilities.UNKNOWN);
    Provider provider =
        new Provider(
            id,
            URI.create("http://127.0.0.1:1"),
            Optional.empty(),
            new Provider.Auth.None(),
            List.of(protocol),
            List.of(model),
            new Reach.Everything(),
            List.of());
    return new Target(provider, model, protocol);
  }
}
