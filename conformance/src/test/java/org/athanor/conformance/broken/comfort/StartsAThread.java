package org.athanor.conformance.broken.comfort;

final class StartsAThread {
    private StartsAThread() {}

    static Thread offend(Runnable task) {
        return Thread.startVirtualThread(task);
    }
}
