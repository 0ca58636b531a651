package org.athanor.ledger;

import java.util.List;

/** How a pool turns what it saw into money: a pure function, so equal events give equal amounts. */
public sealed interface PayScheme permits PerShare, WindowPay {
    /**
     * @param events oldest first
     * @param fee what the pool keeps
     */
    SchemePay pay(List<PoolEvent> events, PoolFee fee);
}
