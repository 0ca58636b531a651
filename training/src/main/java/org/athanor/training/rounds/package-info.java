/** When a round is over. */
package org.athanor.training.rounds;
