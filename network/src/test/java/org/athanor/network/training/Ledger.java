package org.athanor.network.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Somebody else's books. */
class Ledger implements Payroll {
    final List<Work> credited = new ArrayList<>();
    final List<String> withdrawn = new ArrayList<>();

    @Override
    public void credit(Work work) throws IOException {
        credited.add(work);
    }

    @Override
    public void withdraw(String worker, long after, String reason) {
        withdrawn.add(worker + " after " + after + ": " + reason);
    }

    /** One that takes nothing more. */
    static final class Full extends Ledger {
        @Override
        public void credit(Work work) throws IOException {
            throw new IOException("the ledger is full");
        }
    }
}
