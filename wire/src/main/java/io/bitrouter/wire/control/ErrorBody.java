package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Every refusal of the control plane.
 *
 * @param error the code that decides what happened: bad_request, unauthorized, forbidden,
 *     not_found, conflict, …
 * @param errorDescription one sentence for people; for a missing scope exactly {@code missing
 *     required scope: <scope>}
 * @param requestId {@code req_…}, to be quoted in a question about it
 * @param code a finer code, for example {@code key_expired}; absent when there is none
 * @param policyId the policy that refused; absent when none did
 */
public record ErrorBody(
    String error,
    String errorDescription,
    Optional<String> requestId,
    Optional<String> hint,
    Optional<String> code,
    Optional<String> policyId) {}
