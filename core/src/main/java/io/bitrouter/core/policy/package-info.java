/** What a namespace rules for its requests: policies, bindings, and what applies to whom. */
@NullMarked
package io.bitrouter.core.policy;

import org.jspecify.annotations.NullMarked;
