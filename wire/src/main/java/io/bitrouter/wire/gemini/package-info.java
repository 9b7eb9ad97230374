/** Google Gemini generateContent. */
@NullMarked
package io.bitrouter.wire.gemini;

import org.jspecify.annotations.NullMarked;
