package io.bitrouter.node.http;

import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.control.KeyService;
import io.bitrouter.core.control.NamespaceService;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.gateway.InferencePipeline;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.wire.chat.ChatDialect;
import io.bitrouter.wire.messages.MessagesDialect;
import io.bitrouter.wire.models.ModelBodies;
import java.util.List;

/** Everything that the node serves over HTTP. Thread-safe. */
public final class Api {

  /** What the routes work with. */
  public record Parts(
      Authenticator authenticator,
      InferencePipeline pipeline,
      KeyService keys,
      NamespaceService namespaces,
      ControlStore store,
      Catalog catalog,
      Readiness readiness,
      Ticker ticker,
      String version) {}

  private final Router router;
  private final Router admin;

  /** Builds the route tables. */
  public Api(Parts parts) {
    ChatDialect chat = new ChatDialect();
    MessagesDialect messages = new MessagesDialect();
    Envelopes envelopes = new Envelopes(chat, messages);
    PublicRoutes open = new PublicRoutes(parts.readiness(), parts.version());
    List<Route> routes =
        RouteTable.of(
            new RouteTable.Handlers(
                new KeyRoutes(parts.keys(), parts.store()),
                new NamespaceRoutes(parts.namespaces(), parts.store()),
                new UsageRoutes(parts.store(), parts.ticker()),
                new ModelRoutes(
                    parts.catalog(), new ModelBodies(Bodies.instant(parts.ticker().epochMicros()))),
                open,
                new Handler.Inference(chat),
                new Handler.Inference(messages)));
    this.router = new Router(routes, parts.authenticator(), parts.pipeline(), envelopes);
    this.admin =
        new Router(
            routes.stream().filter(route -> route.path().text().startsWith("/health/")).toList(),
            parts.authenticator(),
            parts.pipeline(),
            envelopes);
  }

  /** Serves the main listener. */
  public Router router() {
    return router;
  }

  /** Serves the admin listener: health alone. */
  public Router admin() {
    return admin;
  }
}
