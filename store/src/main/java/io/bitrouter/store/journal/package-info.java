/**
 * The usage journal: segment files, their records, and the thread that carries rows to the store.
 */
@NullMarked
package io.bitrouter.store.journal;

import org.jspecify.annotations.NullMarked;
