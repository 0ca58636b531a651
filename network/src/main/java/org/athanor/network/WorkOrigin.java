package org.athanor.network;

import java.time.Duration;
import java.util.Optional;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareSink;
import org.athanor.stratum.StratumServer;
import org.athanor.stratum.Template;
import org.athanor.stratum.TemplateSource;
import org.athanor.stratum.UpstreamPool;

/** Where the work comes from that a pool gives out: a chain, or a pool upstream. */
sealed interface WorkOrigin {
    /** What a block must meet. */
    Target network();

    /** What is being mined on, if that is known here. */
    Optional<Template> template();

    /** Of the upstream pool, if there is one. */
    Optional<UpstreamPool.Status> upstream();

    /** @param changed told on any thread, before a server that is started later */
    AutoCloseable onChange(Runnable changed);

    StratumServer serve(StratumServer.Config config, ShareSink sink);

    /** Waits until nothing more will be told of shares, when the server is closed. */
    void awaitOutcomes(Duration atMost);

    record Chain(TemplateSource templates) implements WorkOrigin {
        @Override
        public Target network() {
            return templates.current().network();
        }

        @Override
        public Optional<Template> template() {
            return Optional.of(templates.current());
        }

        @Override
        public Optional<UpstreamPool.Status> upstream() {
            return Optional.empty();
        }

        @Override
        public AutoCloseable onChange(Runnable changed) {
            return templates.onChange(_ -> changed.run());
        }

        @Override
        public StratumServer serve(StratumServer.Config config, ShareSink sink) {
            return StratumServer.start(config, templates, sink);
        }

        @Override
        public void awaitOutcomes(Duration atMost) {} // blocks have theirs when the server is closed
    }

    record Upstream(UpstreamPool pool) implements WorkOrigin {
        @Override
        public Target network() {
            return pool.status().network();
        }

        @Override
        public Optional<Template> template() {
            return Optional.empty(); // a pool upstream tells no values
        }

        @Override
        public Optional<UpstreamPool.Status> upstream() {
            return Optional.of(pool.status());
        }

        @Override
        public AutoCloseable onChange(Runnable changed) {
            return pool.onChange(changed);
        }

        @Override
        public StratumServer serve(StratumServer.Config config, ShareSink sink) {
            return StratumServer.start(config, pool, sink);
        }

        @Override
        public void awaitOutcomes(Duration atMost) {
            pool.awaitOutcomes(atMost); // what is not told then is known to the upstream alone
        }
    }
}
