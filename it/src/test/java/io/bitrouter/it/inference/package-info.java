/** Tests of inference from socket to socket; each one ends with a look into the books. */
@NullMarked
package io.bitrouter.it.inference;

import org.jspecify.annotations.NullMarked;
