package io.bitrouter.core.exchange;

/**
 * A provider's seal on thinking or on a call, which it wants back as it was in the next request.
 *
 * @param issuer the protocol whose providers can read it
 * @param value opaque text
 */
public record Signature(Protocol issuer, String value) {}
