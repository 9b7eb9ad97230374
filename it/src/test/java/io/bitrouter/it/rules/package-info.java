/** Rules of a namespace, enforced over real sockets on every request. */
@NullMarked
package io.bitrouter.it.rules;

import org.jspecify.annotations.NullMarked;
