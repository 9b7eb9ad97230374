package io.bitrouter.node.http;

import io.bitrouter.core.control.Asked;
import io.bitrouter.core.control.BlastRadiusService;
import io.bitrouter.core.control.KeyService;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.wire.control.Keys.ApiKeyList;
import io.bitrouter.wire.control.Keys.BlastRadius;
import io.bitrouter.wire.control.Keys.CredentialInfo;
import io.bitrouter.wire.control.Keys.EnterNamespace;
import io.bitrouter.wire.control.Keys.KeyRevoked;
import io.bitrouter.wire.control.Keys.MintKey;
import io.bitrouter.wire.control.Keys.RotateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keys of a namespace, and what a credential is. */
record KeyRoutes(KeyService keys, BlastRadiusService radius, ControlStore store, Ticker ticker) {

  private static final long DEFAULT_OVERLAP_SECS = 3_600;
  private static final Duration DEFAULT_SINCE = Duration.ofDays(30);

  Outcome<Object> credential(ControlRequest request) {
    return Outcome.done(
        switch (request.caller()) {
          case Caller.Key caller -> {
            Optional<Namespace> namespace = store.open(caller.grant()).namespace();
            yield new CredentialInfo(
                CredentialInfo.API_KEY,
                caller.id(),
                caller.key().name(),
                Optional.of(caller.grant().namespace().text()),
                namespace.map(Namespace::name),
                caller.scopes(),
                Bodies.instant(caller.key().expiresAtMicros()));
          }
          case Caller.Operator caller ->
              new CredentialInfo(
                  CredentialInfo.OPERATOR,
                  caller.id(),
                  caller.operator().name(),
                  Optional.empty(),
                  Optional.empty(),
                  caller.scopes(),
                  Bodies.instant(caller.operator().expiresAtMicros()));
        });
  }

  Outcome<Object> list(ControlRequest request) {
    return Outcome.done(
        new ApiKeyList(keys.keys(request.key().grant()).stream().map(Bodies::key).toList()));
  }

  Outcome<Object> show(ControlRequest request) {
    return keys.key(request.key().grant(), new KeyId(request.param("id"))).map(Bodies::key);
  }

  Outcome<Object> mint(ControlRequest request) {
    return request
        .body(MintKey.class)
        .then(body -> keys.mint(request.key(), wanted(body), asked(request)))
        .map(minted -> shown(request, minted));
  }

  Outcome<Object> rotate(ControlRequest request) {
    return request
        .bodyOr(new RotateKey(Optional.empty()), RotateKey.class)
        .then(body ->
            keys.rotate(
                request.key(),
                new KeyId(request.param("id")),
                body.overlapSecs().orElse(DEFAULT_OVERLAP_SECS),
                asked(request)))
        .map(minted -> shown(request, minted));
  }

  Outcome<Object> blastRadius(ControlRequest request) {
    Instant now = Bodies.instant(ticker.epochMicros());
    return request
        .time("since", now.minus(DEFAULT_SINCE))
        .then(since ->
            radius
                .of(request.key().grant(), new KeyId(request.param("id")), Bodies.micros(since))
                .map(found -> radius(found, since)));
  }

  private static BlastRadius radius(BlastRadiusService.BlastRadius found, Instant since) {
    UsageTotals usage = found.usage();
    return new BlastRadius(
        Bodies.key(found.key()),
        found.descendants().stream().map(Bodies::key).toList(),
        found.targets().stream().map(target -> target.model().id().toString()).distinct().toList(),
        found.targets().stream().map(target -> target.provider().id().text()).distinct().toList(),
        Bodies.boxed(found.remainingMicroUsd()),
        since,
        new BlastRadius.Usage(
            usage.spendMicroUsd(),
            usage.promptTokens(),
            usage.completionTokens(),
            usage.requestCount(),
            usage.deniedCount()));
  }

  private static Object shown(ControlRequest request, KeyMinter.Minted minted) {
    return Bodies.minted(minted, request.sent().dryRun());
  }

  private static Asked<KeyMinter.Minted> asked(ControlRequest request) {
    return request.asked(minted -> Bodies.minted(minted, false));
  }

  Outcome<Object> revoke(ControlRequest request) {
    String cascade = request.exchange().query("cascade").orElse("true");
    if (!cascade.equals("true") && !cascade.equals("false")) {
      return ControlRequest.invalid("cascade", "cascade is neither true nor false");
    }
    return keys.revoke(
            request.key(), new KeyId(request.param("id")), cascade.equals("true"), request.asked())
        .map(descendants -> new KeyRevoked(true, descendants));
  }

  Outcome<Object> issue(ControlRequest request) {
    return request
        .body(MintKey.class)
        .then(body ->
            keys.mintFor(
                request.operator(),
                new NamespaceId(request.param("id")),
                wanted(body),
                asked(request)))
        .map(minted -> shown(request, minted));
  }

  Outcome<Object> enter(ControlRequest request) {
    return request
        .body(EnterNamespace.class)
        .then(body ->
            keys.enter(
                request.operator(),
                new NamespaceId(request.param("id")),
                new KeyService.Entry(body.scopes(), body.ttlSecs(), body.reason()),
                asked(request)))
        .map(minted -> shown(request, minted));
  }

  private static KeyMinter.Wanted wanted(MintKey body) {
    return new KeyMinter.Wanted(body.displayName(), body.scopes(), Bodies.micros(body.expiresAt()));
  }
}
