/** How far a worker is believed: bounds, robust aggregation, scores, ratings and replays, and what follows from them. */
package org.athanor.training.trust;
