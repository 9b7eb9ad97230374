/** What a request used and what it cost. */
@NullMarked
package io.bitrouter.core.usage;

import org.jspecify.annotations.NullMarked;
