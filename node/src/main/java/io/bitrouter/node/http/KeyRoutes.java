package io.bitrouter.node.http;

import io.bitrouter.core.control.KeyService;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.wire.control.ApiKeyList;
import io.bitrouter.wire.control.CredentialInfo;
import io.bitrouter.wire.control.EnterNamespace;
import io.bitrouter.wire.control.KeyRevoked;
import io.bitrouter.wire.control.MintKey;
import java.util.Optional;
import java.util.OptionalLong;

/** Keys of a namespace, and what a credential is. */
final class KeyRoutes {

  private final KeyService keys;
  private final ControlStore store;

  KeyRoutes(KeyService keys, ControlStore store) {
    this.keys = keys;
    this.store = store;
  }

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
        .then(body -> keys.mint(request.key(), wanted(body), request.origin()))
        .map(Bodies::minted);
  }

  Outcome<Object> revoke(ControlRequest request) {
    String cascade = request.exchange().query("cascade").orElse("true");
    if (!cascade.equals("true") && !cascade.equals("false")) {
      return ControlRequest.invalid("cascade", "cascade is neither true nor false");
    }
    return keys.revoke(
            request.key(), new KeyId(request.param("id")), cascade.equals("true"), request.origin())
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
                request.origin()))
        .map(Bodies::minted);
  }

  Outcome<Object> enter(ControlRequest request) {
    return request
        .body(EnterNamespace.class)
        .then(body ->
            keys.enter(
                request.operator(),
                new NamespaceId(request.param("id")),
                body.scopes(),
                body.ttlSecs(),
                body.reason(),
                request.origin()))
        .map(Bodies::minted);
  }

  private static KeyMinter.Wanted wanted(MintKey body) {
    OptionalLong end =
        body.expiresAt().isPresent()
            ? OptionalLong.of(Bodies.micros(body.expiresAt().get()))
            : OptionalLong.empty();
    return new KeyMinter.Wanted(body.displayName(), body.scopes(), end);
  }
}
