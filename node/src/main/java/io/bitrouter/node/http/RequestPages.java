package io.bitrouter.node.http;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import java.util.Optional;

/** How lists of rows are paged. */
final class RequestPages {

  private static final long DEFAULT_LIMIT = 25;
  private static final long LARGEST_LIMIT = 100;

  private RequestPages() {}

  /** Rows of a page, brought into 1 to 100. */
  static Outcome<Integer> limit(ControlRequest request) {
    return request
        .number("limit", DEFAULT_LIMIT)
        .map(limit -> (int) Math.clamp(limit, 1, LARGEST_LIMIT));
  }

  /** The row that a page begins after. */
  static Outcome<Optional<RequestId>> cursor(ControlRequest request) {
    Optional<String> text = request.exchange().query("cursor");
    Optional<RequestId> cursor = text.flatMap(RequestId::parse);
    return text.isPresent() && cursor.isEmpty()
        ? ControlRequest.invalid("cursor", "cursor is not the next_cursor of an answer")
        : Outcome.done(cursor);
  }
}
