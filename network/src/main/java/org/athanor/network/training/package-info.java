/** The coordinator of a training job: who works on it, when a round is over, what is published. */
package org.athanor.network.training;
