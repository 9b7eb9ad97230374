package io.bitrouter.store.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A segment that is to be forced to the disk.
 *
 * @param segment the segment
 * @param length how long it was when that was decided
 * @param first whether nothing of it has been forced before
 * @param last whether nothing more will be written to it
 */
record SyncDue(Segment segment, long length, boolean first, boolean last) {

  /** The segment as it is now; under the journal's lock. */
  static SyncDue of(Segment segment, boolean last) {
    return new SyncDue(segment, segment.length(), segment.durable() == 0, last);
  }

  /** Forces it, and closes it when it is complete; returns what went wrong now or before. */
  @Nullable IOException force(@Nullable IOException earlier) {
    @Nullable IOException failure = earlier;
    try {
      segment.force(first);
    } catch (IOException e) {
      failure = e;
    }
    try {
      if (last && failure == null) {
        segment.close();
      }
    } catch (IOException e) {
      failure = e;
    }
    return failure;
  }
}
