package io.bitrouter.it.isolation;

import io.bitrouter.testkit.Reply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A reply without what may differ between two like ones: request id, times, and the id that was
 * asked for.
 *
 * @param status HTTP status
 * @param headers headers by name
 * @param body text of the body
 */
record Likeness(int status, Map<String, List<String>> headers, String body) {

  private static final String REQUEST_ID = "req_[0-9a-z]{26}";

  /** For refusals, where nothing else may differ. */
  static Likeness of(Reply reply, String id) {
    Map<String, List<String>> headers = new TreeMap<>(reply.headers());
    headers.remove("date");
    headers.remove("x-request-id");
    headers.remove("x-bitrouter-overhead-ms");
    String body = reply.text().replace(id, "<id>").replaceAll(REQUEST_ID, "<request>");
    return new Likeness(reply.status(), headers, body);
  }

  /** For answers that make something: new ids, tokens, times and costs differ as well. */
  static Likeness loosely(Reply reply, String id) {
    Likeness strict = of(reply, id);
    Map<String, List<String>> headers = new TreeMap<>(strict.headers());
    headers.remove("content-length");
    headers.remove("x-bitrouter-cost-micro-usd");
    String body =
        strict
            .body()
            .replaceAll("br[ko]_[0-9A-Za-z]{16}(\\.[0-9A-Za-z]{38})?", "<token>")
            .replaceAll("(key|pol|pb|opr)_[0-9a-z]{26}", "<$1>")
            .replaceAll("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "<time>")
            .replaceAll("\"(id|created|ttft_ms|total_ms|overhead_us)\":[^,}]+", "\"$1\":0");
    return new Likeness(strict.status(), headers, body);
  }
}
