/** The compact form of request rows that the journal and the store share. */
@NullMarked
package io.bitrouter.store.row;

import org.jspecify.annotations.NullMarked;
