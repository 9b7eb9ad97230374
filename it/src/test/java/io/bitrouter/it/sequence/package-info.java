/** Random sequences of everything that keys and operators do, against a small reference model. */
@NullMarked
package io.bitrouter.it.sequence;

import org.jspecify.annotations.NullMarked;
