/** What the dialects' errors have in common: headers, and what an upstream's refusal means. */
@NullMarked
package io.bitrouter.wire.error;

import org.jspecify.annotations.NullMarked;
