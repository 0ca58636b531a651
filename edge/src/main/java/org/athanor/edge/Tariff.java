package org.athanor.edge;

import java.time.Instant;
import java.util.Currency;
import java.util.Optional;
import org.athanor.units.PricePerKwh;

/** What electricity costs at this site. */
public interface Tariff {
    Currency currency();

    /** The price in force at {@code time}, in {@link #currency}; empty when it is not known. */
    Optional<PricePerKwh> at(Instant time);

    static Tariff constant(PricePerKwh price) {
        return new Tariff() {
            @Override
            public Currency currency() {
                return price.currency();
            }

            @Override
            public Optional<PricePerKwh> at(Instant time) {
                return Optional.of(price);
            }
        };
    }
}
