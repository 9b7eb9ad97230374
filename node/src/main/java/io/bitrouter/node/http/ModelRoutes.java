package io.bitrouter.node.http;

import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.wire.models.ModelBodies;

/** The models that a namespace may use, in the shape the client's library expects. */
final class ModelRoutes {

  private final Catalog catalog;
  private final ModelBodies bodies;

  ModelRoutes(Catalog catalog, ModelBodies bodies) {
    this.catalog = catalog;
    this.bodies = bodies;
  }

  Outcome<Object> list(ControlRequest request) {
    NamespaceId namespace = request.key().grant().namespace();
    return Outcome.done(
        anthropic(request)
            ? bodies.anthropicList(catalog.models(namespace))
            : bodies.list(catalog.models(namespace)));
  }

  Outcome<Object> show(ControlRequest request) {
    return catalog
        .model(request.param("id"), request.key().grant().namespace())
        .map(model ->
            Outcome.<Object>done(
                anthropic(request) ? bodies.anthropicOne(model) : bodies.one(model)))
        .orElseGet(() ->
            Outcome.refused(
                Refusal.of(RefusalCode.MODEL_NOT_FOUND, "no such model")
                    .withHint("GET /v1/models lists what is routable")));
  }

  private static boolean anthropic(ControlRequest request) {
    return request.exchange().headers().first("anthropic-version").isPresent();
  }
}
