/** The dialect of OpenAI Chat Completions. */
@NullMarked
package io.bitrouter.wire.chat;

import org.jspecify.annotations.NullMarked;
