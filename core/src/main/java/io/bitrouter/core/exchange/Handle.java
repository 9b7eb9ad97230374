package io.bitrouter.core.exchange;

/**
 * The name of an object that a provider keeps, found in a request.
 *
 * @param member where it stands: {@code previous_response_id}
 * @param value the name
 */
public record Handle(String member, String value) {}
