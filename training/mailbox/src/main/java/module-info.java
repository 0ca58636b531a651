/** What workers and coordinator say to each other, and the HTTPS client of a worker that only dials out. */
module org.athanor.training.mailbox {
    requires transitive org.athanor.training;
    requires com.fasterxml.jackson.databind;
    requires transitive java.net.http;

    exports org.athanor.training.mailbox;

    opens org.athanor.training.mailbox to
            com.fasterxml.jackson.databind;
}
