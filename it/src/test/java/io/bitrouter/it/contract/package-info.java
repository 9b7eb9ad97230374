/** Tests of the control plane against its contract: golden requests, rules, errors. */
@NullMarked
package io.bitrouter.it.contract;

import org.jspecify.annotations.NullMarked;
