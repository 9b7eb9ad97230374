/** Time, secrets, money, identifiers: what every other package needs and nothing of the product. */
@NullMarked
package io.bitrouter.core.kernel;

import org.jspecify.annotations.NullMarked;
