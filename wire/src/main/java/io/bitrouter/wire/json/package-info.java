/** Reading JSON bodies without building trees: byte spans of the members the gateway reads. */
@NullMarked
package io.bitrouter.wire.json;

import org.jspecify.annotations.NullMarked;
