/** Stratum V1: messages, client, server, relay, and block templates. */
module org.athanor.stratum {
    requires transitive org.athanor.units;
    requires transitive org.athanor.hash;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;

    exports org.athanor.stratum;
}
