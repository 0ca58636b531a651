package org.athanor.stratum;

import java.util.Optional;

/** Jobs from a pool upstream. */
record UpstreamJobs(UpstreamPool pool) implements JobSource {
    @Override
    public Optional<UpstreamWork> current() {
        return pool.current();
    }

    @Override
    public AutoCloseable onNewWork(Runnable listener) {
        return pool.onChange(listener);
    }
}
