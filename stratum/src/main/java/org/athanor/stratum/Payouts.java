package org.athanor.stratum;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Who gets a block's subsidy and fees, by shares. Each output is rounded down to whole satoshis; what is left over goes
 * to the first.
 */
public record Payouts(List<Payout> list) {
    private static final int MOST = 100; // a coinbase of 100 outputs fits into what nodes leave free for it
    private static final int DIGITS = 18;

    /** @param share positive; only its proportion to the others' matters */
    public record Payout(PayoutAddress address, BigDecimal share) {
        public Payout {
            if (share.signum() <= 0 || share.precision() > DIGITS || Math.abs(share.scale()) > DIGITS)
                throw new IllegalArgumentException(
                        "share " + (share.precision() > DIGITS ? "of too many digits" : share) + " of " + address
                                + ": any positive number of up to " + DIGITS + " digits is accepted");
            if (address.anyoneCanSpend())
                throw new IllegalArgumentException("address \"" + address
                        + "\": its kind has no rules yet, so anybody could take what it is paid; accepted are P2PKH,"
                        + " P2SH, P2WPKH, P2WSH and P2TR");
        }

        /** @throws IllegalArgumentException unless it reads {@code ADDRESS} or {@code ADDRESS=SHARE} */
        public static Payout parse(String text) {
            int equals = text.indexOf('=');
            if (equals < 0) return new Payout(PayoutAddress.parse(text), BigDecimal.ONE);
            var address = PayoutAddress.parse(text.substring(0, equals));
            var share = text.substring(equals + 1);
            try {
                if (share.length() <= 2 * DIGITS) return new Payout(address, new BigDecimal(share));
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException("share \"" + Json.clean(share) + "\" of " + address
                    + ": any positive number of up to " + DIGITS + " digits is accepted");
        }
    }

    public Payouts {
        list = List.copyOf(list);
        if (list.isEmpty() || list.size() > MOST)
            throw new IllegalArgumentException(list.size() + " addresses: accepted are 1 to " + MOST);
        var seen = new HashSet<PayoutAddress>();
        for (var payout : list)
            if (!seen.add(payout.address()))
                throw new IllegalArgumentException("address " + payout.address() + " is named twice");
    }

    public static Payouts to(PayoutAddress address) {
        return new Payouts(List.of(new Payout(address, BigDecimal.ONE)));
    }

    /** @throws IllegalArgumentException if an address is none of this chain, or would get nothing but dust */
    void check(String chain, long satoshis) {
        for (var payout : list)
            if (!payout.address().chains().contains(chain))
                throw new IllegalArgumentException("address " + payout.address() + " is of "
                        + String.join(
                                " or ",
                                payout.address().chains().stream().sorted().toList())
                        + ", and the node's chain is " + chain);
        var outputs = split(satoshis);
        for (int i = 0; i < list.size(); i++) {
            var address = list.get(i).address();
            if (satoshis > 0 && outputs.get(i).satoshis() < address.dustLimit())
                throw new IllegalArgumentException("address " + address + " would get "
                        + outputs.get(i).satoshis() + " of " + satoshis
                        + " satoshis, which is dust: accepted is a share of " + address.dustLimit()
                        + " satoshis or more");
        }
    }

    /** One output for each address, in order; their sum is {@code satoshis}. */
    List<Template.Output> split(long satoshis) {
        int scale = list.stream().mapToInt(p -> p.share().scale()).max().orElse(0);
        var shares = list.stream()
                .map(p -> p.share().setScale(Math.max(scale, 0)).unscaledValue())
                .toList();
        var total = shares.stream().reduce(BigInteger.ZERO, BigInteger::add);
        var values = new long[shares.size()];
        long left = satoshis;
        for (int i = 0; i < values.length; i++) {
            values[i] = BigInteger.valueOf(satoshis)
                    .multiply(shares.get(i))
                    .divide(total)
                    .longValueExact();
            left -= values[i];
        }
        values[0] += left;
        var outputs = new ArrayList<Template.Output>();
        for (int i = 0; i < values.length; i++)
            outputs.add(new Template.Output(values[i], list.get(i).address().script()));
        return outputs;
    }

    int sigopCost() {
        return list.stream().mapToInt(payout -> payout.address().sigopCost()).sum();
    }
}
