package io.bitrouter.core.store;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.RequestRow;
import java.util.Optional;

/** What the usage journal holds. After a crash they together say what became of a request. */
public sealed interface JournalRecord {

  /** The request this is about. */
  RequestId requestId();

  /**
   * Admitted; written before anything is sent upstream.
   *
   * @param requestId the request
   * @param namespace whose it is
   * @param key who makes it
   * @param rootKey first key of the lineage
   * @param clientRequestId the client's own id, by which it will look for the request
   * @param protocol protocol name the client speaks
   * @param requestedModel the model as asked
   * @param streamed whether a stream was asked for
   * @param reservedNanoUsd what the request may cost at most, by the bound taken at admission
   * @param decision inputs of the decision
   */
  record Open(
      RequestId requestId,
      NamespaceId namespace,
      KeyId key,
      KeyId rootKey,
      Optional<String> clientRequestId,
      String protocol,
      String requestedModel,
      boolean streamed,
      long reservedNanoUsd,
      RequestRow.Decision decision)
      implements JournalRecord {}

  /**
   * About to be sent upstream; from here on somebody may bill for it.
   *
   * @param requestId the request
   * @param attempt 1 for the first
   * @param providerId the provider
   * @param modelId canonical model
   * @param upstreamModel model name sent
   * @param upstreamProtocol protocol spoken upstream
   * @param priceVersion version of the price table
   */
  record Dispatch(
      RequestId requestId,
      int attempt,
      String providerId,
      String modelId,
      String upstreamModel,
      String upstreamProtocol,
      String priceVersion)
      implements JournalRecord {}

  /** Settled: the request's row. Written before the last byte of the answer. */
  record Close(RequestRow row) implements JournalRecord {
    @Override
    public RequestId requestId() {
      return row.requestId();
    }
  }

  /**
   * More has been reserved while the answer flows; a later one takes the place of an earlier one.
   *
   * @param requestId the request
   * @param reservedNanoUsd all that is reserved for it now
   */
  record Extend(RequestId requestId, long reservedNanoUsd) implements JournalRecord {}

  /** Admitted but never sent upstream; nothing was used. */
  record Void(RequestId requestId) implements JournalRecord {}
}
