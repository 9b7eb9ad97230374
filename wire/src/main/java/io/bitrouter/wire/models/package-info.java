/** Bodies of the models list in the shapes that vendors' clients expect. */
@NullMarked
package io.bitrouter.wire.models;

import org.jspecify.annotations.NullMarked;
