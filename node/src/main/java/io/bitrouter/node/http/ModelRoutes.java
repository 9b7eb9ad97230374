package io.bitrouter.node.http;

import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.GuardrailRules;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.wire.models.ModelBodies;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The models that a key may use, in the shape the client's library expects. */
record ModelRoutes(Catalog catalog, SnapshotRegistry snapshots, ModelBodies bodies) {

  Outcome<Object> list(ControlRequest request) {
    List<Model> models = models(request);
    return Outcome.done(anthropic(request) ? bodies.anthropicList(models) : bodies.list(models));
  }

  Outcome<Object> show(ControlRequest request) {
    return one(request, anthropic(request) ? bodies::anthropicOne : bodies::one);
  }

  Outcome<Object> geminiList(ControlRequest request) {
    return Outcome.done(bodies.geminiList(models(request)));
  }

  Outcome<Object> geminiShow(ControlRequest request) {
    return one(request, bodies::geminiOne);
  }

  private Outcome<Object> one(ControlRequest request, Function<Model, byte[]> shape) {
    List<Model> usable = models(request);
    return catalog
        .model(request.param("id"), request.key().grant().namespace())
        .filter(usable::contains)
        .map(model -> Outcome.<Object>done(shape.apply(model)))
        .orElseGet(() ->
            Outcome.refused(
                Refusal.of(RefusalCode.MODEL_NOT_FOUND, "no such model")
                    .withHint("GET /v1/models lists what is routable")));
  }

  /** Those that no rule keeps from the key, whatever it asks of them. */
  private List<Model> models(ControlRequest request) {
    Caller.Key caller = request.key();
    GuardrailRules rules = snapshots.current(caller.grant()).effective(caller.key()).guardrails();
    return catalog.reachable(caller.grant().namespace()).stream()
        .filter(rules::reaches)
        .map(Target::model)
        .toList();
  }

  private static boolean anthropic(ControlRequest request) {
    Optional<String> version = request.exchange().headers().first("anthropic-version");
    return version.isPresent();
  }
}
