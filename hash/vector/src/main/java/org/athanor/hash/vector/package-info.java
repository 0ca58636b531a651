/** Nonce scanners that try 4, 8 or 16 nonces at once with the processor's vectors; found as services. */
package org.athanor.hash.vector;
