package org.athanor.devices.discovery;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a device said of itself on its link, without being asked by its address. Anybody there may say anything.
 *
 * @param name as people gave it; others' text, without control characters
 * @param address on the link that was asked
 */
public record Announcement(String name, Service service, InetSocketAddress address) {
    /** Services under which miners, plugs, sensors and what they are reached through announce themselves. */
    public enum Service {
        /** Shelly from its second generation on, beside {@link #HTTP}. Source: Shelly's API documentation, mDNS. */
        SHELLY("_shelly._tcp"),
        /** Pages: the first Shellys, Tasmota with SetOption55, AxeOS since 2026, and printers. */
        HTTP("_http._tcp"),
        ESPHOME("_esphomelib._tcp"),
        HOME_ASSISTANT("_home-assistant._tcp"),
        MQTT("_mqtt._tcp"),
        SECURE_MQTT("_secure-mqtt._tcp");

        private final String type;

        Service(String type) {
            this.type = type;
        }

        /** As DNS-SD writes it. */
        public String type() {
            return type;
        }

        String domain() {
            return type + ".local";
        }

        static Optional<Service> of(String domain) {
            return Arrays.stream(values())
                    .filter(service -> service.domain().equals(domain.toLowerCase(Locale.ROOT)))
                    .findFirst();
        }
    }

    /** Whether its address is to be asked what is there. */
    public boolean asked() {
        return service == Service.SHELLY || service == Service.HTTP;
    }
}
