/** Weights as files that other programs read. */
package org.athanor.training.checkpoint;
