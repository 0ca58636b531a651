/**
 * The books. {@link org.athanor.ledger.Settlement} turns exact work into whole millisatoshis, once per user and
 * interval, rounding down and carrying the remainder; a {@link org.athanor.ledger.CreditLine} holds all that is
 * needed to compute it again. Pure: no clock, no files, no sockets.
 */
package org.athanor.ledger;
