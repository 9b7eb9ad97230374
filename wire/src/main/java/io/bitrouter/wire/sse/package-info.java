/** Server-sent events at byte level: splitting a stream and watching it pass. */
@NullMarked
package io.bitrouter.wire.sse;

import org.jspecify.annotations.NullMarked;
