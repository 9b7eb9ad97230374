package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the gateway reads of a Responses request besides what all protocols have.
 *
 * @param request what they all have
 * @param maxOutput the member that says how many output tokens are allowed
 * @param includes whether the client says what the answer is to include
 * @param includeAt the value that says so, also when it is null
 * @param inputAt the input, also when it is null
 * @param previous the response that it goes on from
 */
public record ResponsesScan(
    RequestScan request,
    Optional<OutputLimit> maxOutput,
    boolean includes,
    Optional<Span> includeAt,
    Optional<Span> inputAt,
    Optional<Previous> previous) {

  /**
   * The response that a request goes on from.
   *
   * @param at the whole member that names it, with a comma beside it
   */
  public record Previous(String id, Span at) {}

  /** Whether the provider would keep the answer, as it does unless told otherwise. */
  public boolean stored() {
    return request.store().map(store -> store.asked() || !store.said()).orElse(true);
  }

  /**
   * What the body asks for.
   *
   * @param bytes length of the body
   */
  public AskedRequest asked(int bytes) {
    return request.asked(bytes, maxOutput.map(OutputLimit::tokens).orElse(OptionalLong.empty()));
  }
}
