/** What a simulated upstream answers, as pure functions of the request. */
@NullMarked
package io.bitrouter.wire.sim;

import org.jspecify.annotations.NullMarked;
