/** Who may do what: tokens, scopes, grants, and the only code that makes a grant. */
@NullMarked
package io.bitrouter.core.credential;

import org.jspecify.annotations.NullMarked;
