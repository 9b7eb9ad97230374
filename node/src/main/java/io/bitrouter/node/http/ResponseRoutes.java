package io.bitrouter.node.http;

import io.bitrouter.core.control.SettingsService;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.gateway.StoredResponses;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.wire.control.Namespaces.NamespaceSettings;
import io.bitrouter.wire.control.Namespaces.ResponseDeleted;

/** Stored responses, and whether a namespace has any. */
final class ResponseRoutes {

  private static final String ID = "response_id";

  private final StoredResponses responses;
  private final SettingsService settings;

  ResponseRoutes(StoredResponses responses, SettingsService settings) {
    this.responses = responses;
    this.settings = settings;
  }

  Outcome<Object> show(ControlRequest request) {
    return responses
        .find(request.key().grant(), request.param(ID), request.exchange()::hold)
        .then(turn -> turn.isPresent() ? Outcome.done(turn.get().response()) : noSuchResponse());
  }

  Outcome<Object> delete(ControlRequest request) {
    NamespaceGrant grant = request.key().grant();
    String id = request.param(ID);
    boolean known = responses.knows(grant, id);
    return known && (request.sent().dryRun() || responses.forget(grant, id))
        ? Outcome.done(new ResponseDeleted(id, "response", true))
        : noSuchResponse();
  }

  private static <T> Outcome<T> noSuchResponse() {
    return Outcome.refused(
        Refusal.of(RefusalCode.NOT_FOUND, "no such response")
            .withParam(ID)
            .withHint(
                "responses are stored for 30 days where 'bitrouter cloud settings --store-responses"
                    + " on' allows it"));
  }

  Outcome<Object> settings(ControlRequest request) {
    return Outcome.done(new NamespaceSettings(settings.storesResponses(request.key().grant())));
  }

  Outcome<Object> change(ControlRequest request) {
    return request
        .body(NamespaceSettings.class)
        .then(
            body -> settings.storeResponses(request.key(), body.storeResponses(), request.asked()))
        .map(NamespaceSettings::new);
  }
}
