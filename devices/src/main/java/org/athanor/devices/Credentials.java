package org.athanor.devices;

/** Of a device's own API. The password stays out of all messages. */
public record Credentials(String user, String password) {
    /** As Braiins OS and the firmware of Antminers are delivered. */
    public static final Credentials DEFAULT = new Credentials("root", "root");

    @Override
    public String toString() {
        return user;
    }
}
