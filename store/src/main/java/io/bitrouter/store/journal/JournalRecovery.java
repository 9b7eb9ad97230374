package io.bitrouter.store.journal;

import java.io.IOException;

/** What has to happen between opening a journal and using it. */
public final class JournalRecovery {

  private JournalRecovery() {}

  /**
   * Takes everything that an earlier process left into the store and settles what it had under way.
   * Done again after a crash in the middle, it goes on where it was.
   *
   * @throws IOException when the journal cannot be read or written
   * @throws io.bitrouter.core.store.StoreUnavailableException when the store does not take rows
   */
  public static void run(FileJournal journal, RowSink sink, RowWriter writer) throws IOException {
    writer.replay();
    new Settlement(journal, sink).settle();
    writer.replay();
  }
}
