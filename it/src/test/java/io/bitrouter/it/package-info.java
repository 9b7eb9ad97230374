/** Tests of the packaged program from outside, and of the shape of its code. */
package io.bitrouter.it;
