package org.athanor.edge;

import java.util.Optional;
import org.athanor.ledger.Weighting;
import org.athanor.units.Hashrate;

/**
 * What a heater mined, as its worker or relay counted it.
 *
 * @param hashrate empty where the device itself reports one
 * @param weighting what one of its hashes stands for in the last settled interval
 */
public record MiningFigures(long accepted, long rejected, Optional<Hashrate> hashrate, Optional<Weighting> weighting) {}
