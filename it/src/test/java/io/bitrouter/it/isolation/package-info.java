/** Tries every route with every kind of credential and every kind of id. */
@NullMarked
package io.bitrouter.it.isolation;

import org.jspecify.annotations.NullMarked;
