package io.bitrouter.store.journal;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.store.row.EncodedRow;
import java.util.List;

/**
 * Where rows end up. Methods throw {@link io.bitrouter.core.store.StoreUnavailableException} when
 * that is not possible now; the caller may try the same again.
 */
public interface RowSink {

  /** Sums of one key's rows. */
  record KeySums(long nanoUsd, long microUsd) {

    /** None so far. */
    public static final KeySums ZERO = new KeySums(0, 0);
  }

  /** Up to where the journal has been taken in. */
  JournalPosition position();

  /**
   * Takes in rows and moves the position from {@code expected} to {@code reached}, all or nothing.
   *
   * @return false, with nothing changed, when the position is another one: then an earlier attempt,
   *     whose end the caller did not learn, has succeeded
   */
  boolean commit(List<EncodedRow> rows, JournalPosition expected, JournalPosition reached);

  /** What the key's rows add up to. */
  KeySums sums(NamespaceId namespace, KeyId key);

  /** Whether there is a row of that request. */
  boolean holds(NamespaceId namespace, RequestId request);
}
