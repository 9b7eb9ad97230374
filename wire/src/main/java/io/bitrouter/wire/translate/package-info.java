/**
 * Between two protocols: a client's request becomes the canonical one and then the upstream's, an
 * upstream's events become canonical ones and then the client's. Each protocol is a {@link
 * io.bitrouter.wire.translate.ClientCodec} and an {@link io.bitrouter.wire.translate.UpstreamCodec}
 * in a package of its own; none knows another.
 */
@NullMarked
package io.bitrouter.wire.translate;

import org.jspecify.annotations.NullMarked;
