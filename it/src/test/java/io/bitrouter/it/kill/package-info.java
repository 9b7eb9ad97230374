/**
 * Kills the node in the middle of its work and compares what client, provider and books say.
 *
 * <p>Client and provider are processes of their own with append-only files; only the node is
 * killed.
 */
package io.bitrouter.it.kill;
