/** Low-communication training: algorithms and formats, pure given their inputs. */
module org.athanor.training {
    requires com.fasterxml.jackson.databind;

    exports org.athanor.training.checkpoint;
    exports org.athanor.training.data;
    exports org.athanor.training.job;
    exports org.athanor.training.model;
    exports org.athanor.training.outer;
    exports org.athanor.training.receipts;
    exports org.athanor.training.rounds;
    exports org.athanor.training.trust;
    exports org.athanor.training.update;

    opens org.athanor.training.data to
            com.fasterxml.jackson.databind;
    opens org.athanor.training.job to
            com.fasterxml.jackson.databind;
    opens org.athanor.training.model to
            com.fasterxml.jackson.databind;
    opens org.athanor.training.trust to
            com.fasterxml.jackson.databind;
    opens org.athanor.training.receipts to
            com.fasterxml.jackson.databind;
    opens org.athanor.training.rounds to
            com.fasterxml.jackson.databind;
    opens org.athanor.training.outer to
            com.fasterxml.jackson.databind;
}
