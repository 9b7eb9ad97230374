/** Tests of the node as a whole: its home, its listeners, its start and its end. */
@NullMarked
package io.bitrouter.it.node;

import org.jspecify.annotations.NullMarked;
