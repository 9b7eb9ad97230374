package io.bitrouter.wire.embed;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.wire.WholePassage;
import io.bitrouter.wire.WholePassage.Said;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Untranslatable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Takes requests for embeddings to upstreams, of whatever protocol has them. Thread-safe. */
public final class Embedder {

  private final Map<Protocol, EmbeddingsCodec> upstreams;

  /** With how they are asked. */
  public Embedder(Map<Protocol, EmbeddingsCodec> upstreams) {
    this.upstreams = Map.copyOf(upstreams);
  }

  /**
   * What a client asks.
   *
   * @param writer writes its answer
   */
  public record Ask(Texts texts, Writer writer) {}

  /** Writes a client's answer. */
  @FunctionalInterface
  public interface Writer {
    /** The answer with these vectors, in the order of the texts, and what it is charged for. */
    byte[] write(List<double[]> vectors, TokenUsage used);
  }

  /** A request whose upstream speaks the client's protocol: answers pass as they are. */
  public Passage passing(Target target, String path, byte[] body) {
    EmbeddingsCodec upstream = upstreams.get(target.protocol());
    if (upstream == null) {
      throw new IllegalArgumentException("no embeddings of " + target.protocol());
    }
    return passage(
        path,
        body,
        answer ->
            read(upstream, answer, false)
                .map(vectors -> new Said(vectors.usage(), usage -> answer)),
        List.of());
  }

  /**
   * A request whose upstream speaks another protocol. Refused when that has no embeddings, or
   * cannot say what the client asks.
   *
   * @param reader reads the client's body; throws {@link Untranslatable}
   */
  public Outcome<Passage> translate(byte[] body, Function<JsonNode, Ask> reader, Target target) {
    EmbeddingsCodec upstream = upstreams.get(target.protocol());
    if (upstream == null) {
      return Outcome.refused(
          Refusal.of(
                  RefusalCode.INVALID_REQUEST,
                  "provider '" + target.provider().id() + "' has no embeddings by its protocol")
              .withParam("model")
              .withHint("name a model of a provider with protocol: chat or gemini"));
    }
    try {
      Ask ask = reader.apply(Json.strictTree(body));
      Texts texts = ask.texts();
      int count = texts.texts().size();
      return Outcome.done(
          passage(
              upstream.path(target.model()),
              upstream.write(texts, target.model()),
              answer ->
                  read(upstream, answer, true)
                      .flatMap(vectors ->
                          vectors
                              .inOrder(count)
                              .map(all ->
                                  new Said(
                                      vectors.usage(),
                                      usage -> ask.writer().write(all, usage.tokens())))),
              texts.warnings()));
    } catch (Untranslatable e) {
      return Outcome.refused(e.refusal());
    } catch (JacksonException e) {
      // The scan before has read the same bytes but does not look into everything.
      return Outcome.refused(
          Refusal.of(
              RefusalCode.INVALID_REQUEST,
              "the body has a member that occurs twice, or exceeds a limit"));
    }
  }

  private static Passage passage(
      String path, byte[] body, Function<byte[], Optional<Said>> reading, List<String> warnings) {
    return new WholePassage(path, client -> List.of(), body, reading, Optional.empty(), warnings);
  }

  private static Optional<Vectors> read(EmbeddingsCodec upstream, byte[] answer, boolean kept) {
    Vectors vectors = new Vectors(kept);
    return WholePassage.sound(answer, (name, json) -> upstream.read(name, json, vectors))
        ? Optional.of(vectors)
        : Optional.empty();
  }
}
