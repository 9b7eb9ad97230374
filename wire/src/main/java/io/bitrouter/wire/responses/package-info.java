/** The dialect of OpenAI Responses. */
@NullMarked
package io.bitrouter.wire.responses;

import org.jspecify.annotations.NullMarked;
