package org.athanor.conformance.broken.devices;

final class Prints {
    private Prints() {}

    static void offend() {
        System.out.println("hello");
    }
}
