package org.athanor.stratum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.athanor.hash.Merkle;
import org.athanor.hash.Target;

/** A template with what all connections need of it, computed once. */
final class PreparedTemplate implements Blueprint {
    private final Template template;
    private final List<byte[]> branches;
    private final Target network;

    PreparedTemplate(Template template) {
        this.template = template;
        var txids = new ArrayList<byte[]>();
        txids.add(new byte[32]); // the coinbase, not yet known
        template.transactions().forEach(t -> txids.add(t.txid()));
        this.branches = Merkle.branch(txids);
        this.network = template.network();
    }

    Template template() {
        return template;
    }

    @Override
    public int extranonce1Size() {
        return Coinbase.EXTRANONCE1_SIZE;
    }

    @Override
    public int extranonce2Size() {
        return Coinbase.EXTRANONCE2_SIZE;
    }

    @Override
    public int versionMask() {
        return ServerConnection.VERSION_MASK;
    }

    @Override
    public Target hardest() {
        return network;
    }

    @Override
    public long maximumTime() {
        return template.maximumTime();
    }

    @Override
    public JobBody body(int number) {
        var coinbase = Coinbase.of(template, number);
        return new JobBody(
                Integer.toHexString(number),
                template.previous(),
                coinbase.head(),
                coinbase.tail(),
                branches,
                template.version(),
                template.bits(),
                (int) template.time());
    }

    @Override
    public boolean keeps(Blueprint other) {
        return other instanceof PreparedTemplate prepared
                && Arrays.equals(template.previous(), prepared.template.previous());
    }
}
