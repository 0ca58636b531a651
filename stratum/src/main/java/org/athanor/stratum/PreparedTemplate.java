package org.athanor.stratum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.athanor.hash.Merkle;
import org.athanor.hash.Target;

/** A template with what all connections need of it, computed once. */
final class PreparedTemplate {
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

    Target network() {
        return network;
    }

    boolean sameTip(Template other) {
        return Arrays.equals(template.previous(), other.previous());
    }

    /** @param number makes the job's coinbase unlike any other's, and is its id */
    MiningJob job(int number, boolean clean, MiningJob.Terms terms) {
        var coinbase = Coinbase.of(template, number);
        return new MiningJob(
                Integer.toHexString(number),
                template.previous(),
                coinbase.head(),
                coinbase.tail(),
                branches,
                template.version(),
                template.bits(),
                (int) template.time(),
                clean,
                terms);
    }
}
