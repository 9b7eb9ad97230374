package io.bitrouter.wire.translate;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.wire.json.Json;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Takes requests to upstreams that speak another protocol than the client. Thread-safe. */
public final class Translator {

  private final Map<Protocol, UpstreamCodec> upstreams;

  /** With what can be spoken to upstreams. */
  public Translator(Map<Protocol, UpstreamCodec> upstreams) {
    this.upstreams = Map.copyOf(upstreams);
  }

  /**
   * The request as {@code target} gets it.
   *
   * @param client reads and writes for the client
   * @param body the client's body
   * @param asked what has been read of it
   */
  public Outcome<Passage> translate(
      ClientCodec client, byte[] body, Asked asked, Target target, OnBehalf onBehalf) {
    UpstreamCodec upstream = upstreams.get(target.protocol());
    if (upstream == null) {
      return Outcome.refused(
          Refusal.of(
              RefusalCode.UPSTREAM_ERROR,
              "no request can be written for the protocol of provider '"
                  + target.provider().id()
                  + "'"));
    }
    try {
      JsonNode json = Json.strictTree(body);
      InferenceRequest read = client.read(json, asked.request());
      Notes notes = new Notes();
      read.unknown().forEach(notes::ignored);
      InferenceRequest request =
          new InferenceRequest(
              read.model(),
              read.streamed(),
              Recollection.restore(
                  Conversation.normalised(read.turns()), target.protocol(), onBehalf.memory()),
              read.tools(),
              read.sampling(),
              read.maxOutput().isPresent() ? read.maxOutput() : asked.outputCap(),
              read.thinking(),
              read.format(),
              read.choices(),
              read.user().map(onBehalf.pseudonym()),
              read.cacheKey().map(onBehalf.pseudonym()),
              read.unknown());
      ToolNames names = ToolNames.of(request, upstream.toolNames());
      AnswerTool answer =
          AnswerTool.of(names.sent(request), upstream.takesSchemas(target.model()), notes);
      byte[] sent = upstream.write(answer.sent(), target.model(), notes);
      return Outcome.done(
          new Translation(
              new Translation.Ends(client, upstream, names, answer),
              request,
              target.model(),
              onBehalf,
              sent,
              notes.words()));
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

  /**
   * What a request asks for.
   *
   * @param outputCap output tokens to allow when the client does not say how many
   */
  public record Asked(AskedRequest request, OptionalLong outputCap) {}
}
