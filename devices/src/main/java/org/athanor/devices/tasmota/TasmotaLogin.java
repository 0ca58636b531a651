package org.athanor.devices.tasmota;

/** Of the plug's own pages. The password stays out of all messages. */
public record TasmotaLogin(String user, String password) {
    @Override
    public String toString() {
        return user;
    }
}
