package io.bitrouter.node.http;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.AuditRow;
import io.bitrouter.core.store.AuditSigner;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.wire.control.Audit;
import io.bitrouter.wire.control.Audit.AuditHead;
import io.bitrouter.wire.control.Audit.AuditPage;
import io.bitrouter.wire.control.Audit.AuditVerification;
import io.bitrouter.wire.control.RawJson;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A namespace's audit log. */
record AuditRoutes(ControlStore store, AuditSigner signer) {

  Outcome<Object> list(ControlRequest request) {
    return request
        .limit()
        .then(limit ->
            request
                .number("cursor", Long.MAX_VALUE)
                .map(before -> {
                  List<AuditRow> rows = store.open(request.key().grant()).audit(limit, before);
                  Optional<String> next =
                      rows.size() == limit && rows.getLast().seq() > 1
                          ? Optional.of(Long.toString(rows.getLast().seq()))
                          : Optional.empty();
                  return new AuditPage(rows.stream().map(AuditRoutes::row).toList(), next);
                }));
  }

  Outcome<Object> verify(ControlRequest request) {
    AuditRow.Verdict verdict = store.open(request.key().grant()).verifyAudit();
    AuditRow.Head head = verdict.head();
    return Outcome.done(
        new AuditVerification(
            verdict.ok(),
            verdict.rows(),
            verdict.brokenAt() == 0 ? Optional.empty() : Optional.of(verdict.brokenAt()),
            Optional.of(verdict.reason()).filter(reason -> !reason.isEmpty()),
            new AuditHead(
                head.seq(),
                hex(head.hash()),
                Base64.getEncoder().encodeToString(head.signature()),
                Base64.getEncoder().encodeToString(signer.publicKey()))));
  }

  private static Audit.AuditRow row(AuditRow row) {
    AuditEntry entry = row.entry();
    return new Audit.AuditRow(
        row.seq(),
        Bodies.instant(entry.atMicros()),
        new Audit.AuditRow.Party(entry.actorKind(), entry.actorId()),
        entry.action(),
        new Audit.AuditRow.Party(entry.targetKind(), entry.targetId()),
        state(entry.before()),
        state(entry.after()),
        entry.ip(),
        entry.requestId().toString(),
        hex(row.previousHash()),
        hex(row.hash()));
  }

  private static Optional<RawJson> state(String json) {
    return json.isEmpty() ? Optional.empty() : Optional.of(new RawJson(json));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
