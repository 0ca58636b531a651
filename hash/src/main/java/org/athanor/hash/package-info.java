/** SHA-256d, block headers, targets and nonce scanners. */
package org.athanor.hash;
