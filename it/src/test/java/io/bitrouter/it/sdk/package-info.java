/**
 * Vendors' own client libraries, unmodified, against a running node and upstreams of every
 * protocol.
 */
@NullMarked
package io.bitrouter.it.sdk;

import org.jspecify.annotations.NullMarked;
