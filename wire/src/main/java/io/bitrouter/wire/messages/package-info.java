/** The dialect of Anthropic Messages. */
@NullMarked
package io.bitrouter.wire.messages;

import org.jspecify.annotations.NullMarked;
