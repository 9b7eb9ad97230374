package io.bitrouter.core.control;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.AuditEntry;

/** Begins audit rows: who, when, from where. */
record Audits(Ticker ticker) {

  /** A row without states. */
  AuditEntry entry(
      Caller caller, String action, String targetKind, String targetId, Origin origin) {
    String kind =
        switch (caller) {
          case Caller.Key unused -> "api_key";
          case Caller.Operator unused -> "operator";
        };
    return new AuditEntry(
        ticker.epochMicros(),
        kind,
        caller.id(),
        action,
        targetKind,
        targetId,
        "",
        "",
        origin.ip(),
        origin.requestId());
  }
}
