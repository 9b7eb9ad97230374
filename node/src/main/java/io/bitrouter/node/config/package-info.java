/** The configuration file: what may stand in it, what holds without it, what is wrong with it. */
@NullMarked
package io.bitrouter.node.config;

import org.jspecify.annotations.NullMarked;
