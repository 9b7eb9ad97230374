/**
 * What tests are made of: a node of one's own, upstreams that misbehave on command, a clock that
 * stands still, seeded properties, and a neighbour whose things must never be seen.
 */
@NullMarked
package io.bitrouter.testkit;

import org.jspecify.annotations.NullMarked;
