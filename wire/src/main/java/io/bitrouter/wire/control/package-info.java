/**
 * Bodies of the control-plane REST interface, shared by the node (which serves them) and the
 * terminal program (which reads them). {@code ns} in a path stands for {@code
 * /v1/namespaces/{nsid}}.
 *
 * <p>Every body is an immutable record, in the interface of what it is about. Members are
 * snake_case on the wire; an absent optional member is {@link java.util.Optional#empty()} here and
 * is left out there. Money, tokens and counts are 64-bit integers in the unit that the member's
 * name ends with; times are {@link java.time.Instant}s, written as RFC 3339 in UTC by {@link
 * io.bitrouter.wire.control.Rfc3339}. {@link io.bitrouter.wire.control.ControlJson} is the only
 * reader and writer.
 */
@NullMarked
package io.bitrouter.wire.control;

import org.jspecify.annotations.NullMarked;
