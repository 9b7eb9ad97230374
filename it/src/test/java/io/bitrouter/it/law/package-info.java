/** Laws that hold for any input, tried on random ones; each with a test that shows it can fail. */
@NullMarked
package io.bitrouter.it.law;

import org.jspecify.annotations.NullMarked;
