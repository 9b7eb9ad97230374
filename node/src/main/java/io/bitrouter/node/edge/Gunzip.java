package io.bitrouter.node.edge;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Decodes gzip bodies, never further than to a bound. */
final class Gunzip {
  private static final int STEP = 16 << 10;

  private final int limit;
  private final MemoryBudget budget;
  private long charged;

  Gunzip(int limit, MemoryBudget budget) {
    this.limit = limit;
    this.budget = budget;
  }

  /** The decoded bytes; refused when they are too many or not gzip. */
  Outcome<byte[]> decode(byte[] encoded) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(STEP);
    byte[] step = new byte[STEP];
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(encoded), STEP)) {
      for (int n = in.read(step); n >= 0; n = in.read(step)) {
        if (n > limit - decoded.size()) {
          return Outcome.refused(BodyCollector.tooLarge(limit));
        }
        if (!budget.take(n)) {
          return Outcome.refused(BodyCollector.noMemory());
        }
        charged += n;
        decoded.write(step, 0, n);
      }
      return Outcome.done(decoded.toByteArray());
    } catch (IOException e) {
      return Outcome.refused(
          Refusal.of(RefusalCode.INVALID_REQUEST, "the request body is not valid gzip"));
    }
  }

  /** Bytes taken from the budget, to be given back when the request is over. */
  long charged() {
    return charged;
  }
}
