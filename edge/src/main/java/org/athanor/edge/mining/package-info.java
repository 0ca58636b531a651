/**
 * Mining as a {@link org.athanor.devices.Computation}: what this computer's cores, or a simulated device's chips, do
 * for a Stratum pool. Every verdict on a share goes to a sink, in the pool's order.
 */
package org.athanor.edge.mining;
