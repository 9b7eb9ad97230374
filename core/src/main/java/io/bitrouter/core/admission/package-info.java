/** Running totals and bounds that a request meets on its way in and out. */
@NullMarked
package io.bitrouter.core.admission;

import org.jspecify.annotations.NullMarked;
