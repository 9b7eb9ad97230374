package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.Handle;
import java.util.List;
import java.util.Set;

/**
 * What a body holds that rules judge, of whichever protocol.
 *
 * @param modalities {@code text}, {@code image}, {@code audio}, {@code file}; a type of content
 *     that is not known counts as a kind of its own, so that no list of kinds lets it pass
 * @param tools names of the tools offered and, unless it is a function, the type of each
 * @param mediaParts pieces of content other than text
 * @param mediaBytes bytes of the body that images and sounds take
 * @param cacheWrites whether {@code cache_control} occurs
 * @param elsewhere what the model reads that is not in the body
 * @param handles objects kept by a provider that it names
 */
public record AskedContent(
    Set<String> modalities,
    List<String> tools,
    int mediaParts,
    long mediaBytes,
    boolean cacheWrites,
    Elsewhere elsewhere,
    List<Handle> handles) {}
