package org.athanor.stratum;

import java.util.Optional;

/** Where the server's jobs come from: templates of a chain, or a pool upstream. */
sealed interface JobSource permits TemplateJobs, UpstreamJobs {
    /** The newest work, with the present time; empty while there is none that would be worth anything. */
    Optional<? extends Blueprint> current();

    /**
     * @param listener told, quickly and on any thread, when everybody should get new work
     * @return ends the subscription when closed
     */
    AutoCloseable onNewWork(Runnable listener);
}
