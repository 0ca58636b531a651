package org.athanor.devices;

/** Of a device's own API. The password stays out of all messages. */
public record Credentials(String user, String password) {
    @Override
    public String toString() {
        return user;
    }
}
