/** Stratum V1: messages, client, server, relay, and block templates. */
package org.athanor.stratum;
