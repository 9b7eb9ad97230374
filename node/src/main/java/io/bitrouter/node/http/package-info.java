/**
 * The routes of the node: one table that the router, the isolation tests and the documents read.
 */
@NullMarked
package io.bitrouter.node.http;

import org.jspecify.annotations.NullMarked;
