package org.athanor.units;

import java.util.Currency;
import java.util.Locale;

/** Fiat money, for display, tariffs and statements only: what is owed to a host is {@link Millisatoshis}. */
public record Money(double amount, Currency currency) {
    public Money {
        Quantity.finite("sum of money", amount);
    }

    public static Money zero(Currency currency) {
        return new Money(0, currency);
    }

    /** @throws IllegalArgumentException if the currencies differ */
    public Money plus(Money other) {
        return new Money(amount + same(other).amount, currency);
    }

    /** @throws IllegalArgumentException if the currencies differ */
    public Money minus(Money other) {
        return new Money(amount - same(other).amount, currency);
    }

    private Money same(Money other) {
        if (!currency.equals(other.currency))
            throw new IllegalArgumentException("cannot mix " + currency + " and " + other.currency);
        return other;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f %s", amount, currency);
    }
}
