/**
 * The terminal program: runs the node on this host and speaks to a node's control plane.
 *
 * <p>{@link io.bitrouter.cli.Main} builds the command tree and gives every command one {@link
 * io.bitrouter.cli.Cli}, through which alone it reaches the outside. Start-up time is a feature
 * here: no logging framework, JSON classes only when JSON is read or written.
 */
@NullMarked
package io.bitrouter.cli;

import org.jspecify.annotations.NullMarked;
