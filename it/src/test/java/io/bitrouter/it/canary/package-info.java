/** Looks for secrets, and for what people asked models, where neither may ever be. */
package io.bitrouter.it.canary;
