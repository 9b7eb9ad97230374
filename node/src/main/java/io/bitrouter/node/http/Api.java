package io.bitrouter.node.http;

import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.control.BlastRadiusService;
import io.bitrouter.core.control.BudgetService;
import io.bitrouter.core.control.CrossAccessLog;
import io.bitrouter.core.control.KeyService;
import io.bitrouter.core.control.NamespaceService;
import io.bitrouter.core.control.OperatorService;
import io.bitrouter.core.control.PolicyService;
import io.bitrouter.core.control.ReconcileService;
import io.bitrouter.core.control.SettingsService;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.gateway.InferencePipeline;
import io.bitrouter.core.gateway.StoredResponses;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.AuditSigner;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.wire.DialectRegistry;
import io.bitrouter.wire.models.ModelBodies;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;

/** Everything that the node serves over HTTP. Thread-safe. */
public final class Api {

  /** What the routes work with. */
  public record Parts(
      Authenticator authenticator,
      InferencePipeline pipeline,
      StoredResponses responses,
      Services services,
      ControlStore store,
      Catalog catalog,
      SnapshotRegistry snapshots,
      AuditSigner auditSigner,
      Supplier<Readiness> readiness,
      Ticker ticker,
      SecureRandom random,
      String version) {}

  /** The services that change control data and read what it amounts to. */
  public record Services(
      KeyService keys,
      NamespaceService namespaces,
      PolicyService policies,
      BudgetService budgets,
      BlastRadiusService blastRadius,
      OperatorService operators,
      ReconcileService reconciling,
      SettingsService settings,
      CrossAccessLog crossings) {}

  private final Router router;
  private final Router admin;

  public Api(Parts parts) {
    DialectRegistry dialects = new DialectRegistry();
    PublicRoutes open = new PublicRoutes(parts.readiness(), parts.version());
    List<Route> routes = RouteTable.of(handlers(parts, open, dialects));
    open.documented(() -> OpenApi.of(routes, parts.version()));
    Router.Parts routing =
        new Router.Parts(
            parts.authenticator(),
            parts.pipeline(),
            dialects,
            new KeptAnswers(parts.store(), parts.ticker(), parts.random()),
            parts.services().crossings());
    this.router = new Router(routes, routing);
    this.admin =
        new Router(
            routes.stream().filter(route -> route.path().text().startsWith("/health/")).toList(),
            routing);
  }

  private static RouteTable.Handlers handlers(
      Parts parts, PublicRoutes open, DialectRegistry dialects) {
    Services services = parts.services();
    PolicyRoutes policies = new PolicyRoutes(services.policies());
    return new RouteTable.Handlers(
        new KeyRoutes(services.keys(), services.blastRadius(), parts.store(), parts.ticker()),
        new NamespaceRoutes(services.namespaces(), parts.store()),
        policies,
        new BundleRoutes(services.policies(), policies),
        new BudgetRoutes(services.budgets(), services.policies()),
        new UsageRoutes(parts.store(), parts.ticker()),
        new RequestRoutes(parts.store(), services.reconciling()),
        new AuditRoutes(parts.store(), parts.auditSigner()),
        new OperatorRoutes(services.operators()),
        new ModelRoutes(
            parts.catalog(),
            parts.snapshots(),
            new ModelBodies(Bodies.instant(parts.ticker().epochMicros()))),
        new ResponseRoutes(parts.responses(), services.settings()),
        open,
        dialects);
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
