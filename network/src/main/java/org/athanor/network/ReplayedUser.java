package org.athanor.network;

import java.math.BigInteger;
import org.athanor.units.Work;

/**
 * One user, or all together, as the share log alone gives them.
 *
 * @param status counts, work and settled credit
 * @param blocks shares that met the network's target
 * @param unsettledShares accepted since the last settled interval; they are credited when it closes
 * @param unsettledWork of these
 * @param carried remainder of the settled intervals, in 2⁻⁶⁴ msat; in a total the sum
 * @param hashrate over the logged time
 */
public record ReplayedUser(
        UserStatus status,
        long blocks,
        long unsettledShares,
        Work unsettledWork,
        BigInteger carried,
        MeasuredHashrate hashrate) {}
