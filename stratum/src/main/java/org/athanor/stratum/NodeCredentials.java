package org.athanor.stratum;

/** What a node wants to hear before it answers. Never part of a message. */
public interface NodeCredentials {
    /**
     * Asked at the start, and again whenever the node refuses what it was told: a cookie changes with each start of the
     * node.
     *
     * @return {@code USER:PASSWORD}
     * @throws NodeException if they cannot be had just now
     */
    String userAndPassword();

    /** Whether asking again can help. */
    boolean mayChange();

    static NodeCredentials fixed(String userAndPassword) {
        return new NodeCredentials() {
            @Override
            public String userAndPassword() {
                return userAndPassword;
            }

            @Override
            public boolean mayChange() {
                return false;
            }
        };
    }
}
