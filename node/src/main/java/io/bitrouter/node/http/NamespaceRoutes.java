package io.bitrouter.node.http;

import io.bitrouter.core.control.NamespaceService;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.wire.control.Namespaces.NamespaceDeleted;
import io.bitrouter.wire.control.Namespaces.NamespaceDraft;
import io.bitrouter.wire.control.Namespaces.NamespaceList;
import io.bitrouter.wire.control.Namespaces.NamespaceSuspended;
import java.util.List;

/** Namespaces: a key sees its own, operators make, rename and delete them. */
record NamespaceRoutes(NamespaceService namespaces, ControlStore store) {

  Outcome<Object> list(ControlRequest request) {
    List<Namespace> visible =
        switch (request.caller()) {
          case Caller.Key key -> store.open(key.grant()).namespace().stream().toList();
          case Caller.Operator operator -> namespaces.namespaces(operator);
        };
    return Outcome.done(new NamespaceList(visible.stream().map(Bodies::namespace).toList()));
  }

  Outcome<Object> create(ControlRequest request) {
    return request
        .body(NamespaceDraft.class)
        .then(body ->
            namespaces.create(request.operator(), body.name(), request.asked(Bodies::namespace)))
        .map(Bodies::namespace);
  }

  Outcome<Object> rename(ControlRequest request) {
    NamespaceId id = new NamespaceId(request.param("id"));
    return request
        .body(NamespaceDraft.class)
        .then(body -> namespaces.rename(request.operator(), id, body.name(), request.asked()))
        .map(Bodies::namespace);
  }

  Outcome<Object> delete(ControlRequest request) {
    NamespaceId id = new NamespaceId(request.param("id"));
    return namespaces
        .delete(request.operator(), id, request.asked())
        .map(keys -> new NamespaceDeleted(true, keys));
  }

  Outcome<Object> suspend(ControlRequest request) {
    return suspended(request, true);
  }

  Outcome<Object> resume(ControlRequest request) {
    return suspended(request, false);
  }

  private Outcome<Object> suspended(ControlRequest request, boolean suspended) {
    return namespaces
        .suspend(
            request.operator(), new NamespaceId(request.param("id")), suspended, request.asked())
        .map(NamespaceSuspended::new);
  }
}
