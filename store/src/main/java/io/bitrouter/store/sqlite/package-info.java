/** Control data and the books in one SQLite file, reached through threads of its own. */
@NullMarked
package io.bitrouter.store.sqlite;

import org.jspecify.annotations.NullMarked;
