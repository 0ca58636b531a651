/** A tank of hot water in a household, lived under one rule after the other. */
package org.athanor.bench.tank;
