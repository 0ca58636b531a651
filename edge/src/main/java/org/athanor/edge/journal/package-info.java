/**
 * What the heater must not forget: readings, accepted shares, credit lines, settings and events, in one embedded H2
 * file that survives kill -9; and the edge's own recomputation of everything a pool credits. What was committed is
 * there after a crash of the process (not necessarily after a power failure: see the README).
 */
package org.athanor.edge.journal;
