/** Does what the README says, and sees what the README shows. */
package io.bitrouter.it.tour;
