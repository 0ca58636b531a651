package org.athanor.stratum;

import java.util.Optional;

/** Jobs from block templates. */
record TemplateJobs(TemplateSource templates) implements JobSource {
    @Override
    public Optional<PreparedTemplate> current() {
        return Optional.of(new PreparedTemplate(templates.current()));
    }

    @Override
    public AutoCloseable onNewWork(Runnable listener) {
        return templates.onChange(_ -> listener.run());
    }
}
