/**
 * Client programs from npm, unmodified and without a way to anything but the node. They need the
 * network once, to be installed, and run with {@code --deep} alone.
 */
@NullMarked
package io.bitrouter.it.npm;

import org.jspecify.annotations.NullMarked;
