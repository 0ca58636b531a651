/**
 * The operator's program: for now the pool. Every verdict on a share is in the share log before the miner hears of
 * it; an interval's credit follows from the log alone. What is paid is computed by {@code ledger}, never here.
 */
package org.athanor.network;
