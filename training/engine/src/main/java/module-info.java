/** The inner loop on libtorch: a program of its own, its launcher and its sandbox. */
module org.athanor.training.engine {
    requires transitive org.athanor.training;
    requires java.management;
    requires java.net.http;
    requires jdk.management;
    requires com.fasterxml.jackson.databind;
    requires static org.bytedeco.javacpp;
    requires static org.bytedeco.pytorch;

    exports org.athanor.training.engine;
}
