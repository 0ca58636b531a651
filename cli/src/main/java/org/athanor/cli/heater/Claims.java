package org.athanor.cli.heater;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.athanor.cli.yaml.Fields;
import org.athanor.devices.discovery.Discovery;

/**
 * What one entry of a file has for itself, such as a plug: two that commanded it would undo each other's commands for ever. Equal
 * things are equal values of one type, however their entries write them.
 */
final class Claims {
    /** In place of the usual ports of devices. */
    private static final int USUAL = 0;

    /** Where each was named first. */
    private final Map<Object, String> first = new HashMap<>();

    /**
     * What is reached at an address, whatever it is.
     *
     * @param host an address, or a name that is not known yet
     * @param port {@link #USUAL} for all at which machines and plugs usually listen: at one host these are one device, behind others there may
     *     be several
     */
    private record Place(Object host, int port) {}

    /** What a broker's topics of this kind command; topics are told apart by case. */
    record Topic(String kind, String topic) {}

    /** Something of Home Assistant's. */
    record Entity(String id) {}

    /** The cores of the computer that this runs on. */
    record ThisComputer() {}

    /** @param name index or UUID */
    record Card(String name) {
        Card {
            name = name.matches("\\d+") ? Integer.toString(Integer.parseInt(name)) : name.toLowerCase(Locale.ROOT);
        }
    }

    /** A name within the file. */
    record Id(String id) {}

    /** What is reached at an address, by whatever name: names of one address are one place. */
    static Object at(InetSocketAddress address) {
        Object host = address.isUnresolved() ? name(address.getHostString()) : address.getAddress();
        return new Place(host, Discovery.PORTS.contains(address.getPort()) ? USUAL : address.getPort());
    }

    private static String name(String host) {
        var small = host.toLowerCase(Locale.ROOT);
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }

    /**
     * Complains if another entry has it already, with the lines of both.
     *
     * @param key of the field that names it
     * @param accepted for one such thing, such as "a plug of one heater alone"
     */
    void claim(Object thing, Fields fields, String key, String accepted) {
        var before = first.putIfAbsent(thing, fields.where(key));
        if (before != null)
            fields.complain(fields.useless(key, "named in " + before + ", already; " + accepted + " is accepted"));
    }
}
