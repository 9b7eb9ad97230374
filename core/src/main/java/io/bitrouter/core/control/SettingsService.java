package io.bitrouter.core.control;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import java.util.function.Consumer;

/**
 * What a namespace has decided for itself besides its policies: whether answers are stored. A
 * change is stored with its audit row, published, and only then reported. Thread-safe.
 */
public final class SettingsService {

  private final ControlStore store;
  private final SnapshotRegistry registry;
  private final Consumer<NamespaceId> stopped;
  private final Audits audits;

  /**
   * With the store and what requests are judged by.
   *
   * @param stopped forgets what of a namespace's answers waits to be stored
   */
  public SettingsService(
      ControlStore store, SnapshotRegistry registry, Consumer<NamespaceId> stopped, Ticker ticker) {
    this.store = store;
    this.registry = registry;
    this.stopped = stopped;
    this.audits = new Audits(ticker);
  }

  /** Whether the namespace has answers stored for those who ask for it. */
  public boolean storesResponses(NamespaceGrant grant) {
    return registry.current(grant).storesResponses();
  }

  /**
   * Lets answers be stored from now on, or forgets them all and stores no more.
   *
   * @return whether they are stored now
   */
  public Outcome<Boolean> storeResponses(Caller.Key caller, boolean on, Asked<Boolean> asked) {
    NamespaceId namespace = caller.grant().namespace();
    return registry.change(
        namespace,
        () -> {
          NamespaceSnapshot now = registry.current(caller.grant());
          if (asked.dryRun() || now.storesResponses() == on) {
            return Outcome.done(on);
          }
          AuditEntry audit =
              audits
                  .entry(caller, "settings.update", "namespace", namespace.text(), asked.origin())
                  .before(text(!on))
                  .after(text(on));
          if (!store.open(caller.grant()).storeResponses(on, audit)) {
            return Outcome.refused(
                Refusal.of(RefusalCode.CONFLICT, "the namespace has just been deleted"));
          }
          registry.publish(now.storing(on));
          if (!on) {
            stopped.accept(namespace);
          }
          return Outcome.done(on);
        });
  }

  private static String text(boolean storesResponses) {
    return new AuditText().with("store_responses", storesResponses).toString();
  }
}
