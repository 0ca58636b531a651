package org.athanor.devices.discovery;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.athanor.devices.DeviceException;
import org.athanor.devices.discovery.Announcement.Service;
import org.athanor.devices.discovery.DnsReply.Name;
import org.athanor.devices.discovery.DnsReply.Question;

/**
 * Asks one network link which devices announce themselves there: one-shot questions of multicast DNS (RFC 6762, 5.1), from a
 * port of our own, to which answers come back alone. Nothing is announced, no group is joined, nothing stays open.
 *
 * <p>Whoever answers may lie. What is kept is bounded in number, for each answering address too; addresses are believed only
 * if they are private and on the link.
 *
 * @param network the link; packets leave through it alone
 * @param group of multicast DNS
 * @param listening how long answers are listened for
 */
public record LinkSearch(NetworkInterface network, InetSocketAddress group, Duration listening) {
    private static final InetSocketAddress GROUP = new InetSocketAddress(InetAddress.ofLiteral("224.0.0.251"), 5353);
    private static final Duration WAIT = Duration.ofSeconds(3);
    /** RFC 6762, 17: the largest packet. */
    private static final int LARGEST = 9000;
    /** RFC 6762, 11. */
    private static final int HOPS = 255;

    /** All answer at once. */
    private static final int RECEIVE_BUFFER = 1 << 20;

    private static final int MOST_DATAGRAMS = 4096;
    private static final int MOST_SOURCES = 512;
    private static final int MOST_OF_A_SOURCE = 32;
    private static final int MOST_ANNOUNCEMENTS = 256;
    /** So many names fit into one packet of any link. */
    private static final int MOST_ASKED_AGAIN = 16;

    /** @param troubles in sentences: what was announced and could not be used, and why */
    public record Heard(List<Announcement> announcements, List<String> troubles) {
        public Heard {
            announcements = List.copyOf(announcements);
            troubles = List.copyOf(troubles);
        }
    }

    /** Listens for three seconds. */
    public static LinkSearch of(NetworkInterface network) {
        return new LinkSearch(network, GROUP, WAIT);
    }

    /** The networks of this computer that devices may be in: those with a private IPv4 address, but not its own inside. */
    public static List<NetworkInterface> networks() {
        try {
            var networks = new ArrayList<NetworkInterface>();
            for (var each : NetworkInterface.networkInterfaces().toList())
                if (each.isUp() && each.supportsMulticast() && !each.isLoopback() && !each.isPointToPoint())
                    if (links(each).stream().anyMatch(link -> believable(link.getAddress(), false))) networks.add(each);
            return networks;
        } catch (IOException e) {
            throw new DeviceException(
                    DeviceException.Kind.UNREACHABLE, "the networks of this computer cannot be told", e);
        }
    }

    /**
     * Asks twice, a third of the time apart, since radios lose packets; then once more for what answers left out.
     *
     * @throws DeviceException if this network cannot be asked
     */
    public Heard ask() {
        var answers = new Answers();
        var own = links(network).stream()
                .map(InterfaceAddress::getAddress)
                .filter(address -> believable(address, loopback()))
                .findFirst()
                .orElseThrow(() -> new DeviceException(
                        DeviceException.Kind.UNREACHABLE,
                        "network " + network.getName() + " has no private IPv4 address"));
        try (var channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, network);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.bind(new InetSocketAddress(own, 0));
            var types = Arrays.stream(Service.values())
                    .map(service ->
                            new Question(new Name(List.of(service.domain().split("\\."))), DnsReply.POINTER))
                    .toList();
            long third = listening.toNanos() / 3;
            for (int part = 0; part < 3; part++) {
                var questions = part < 2 ? types : answers.missing();
                if (!questions.isEmpty()) send(channel, questions);
                listen(channel, System.nanoTime() + third, answers);
            }
        } catch (IOException e) {
            throw new DeviceException(
                    DeviceException.Kind.UNREACHABLE,
                    "network " + network.getName() + " cannot be asked by mDNS (" + e.getMessage() + ")",
                    e);
        }
        return answers.heard();
    }

    private void send(DatagramChannel channel, List<Question> questions) throws IOException {
        channel.send(java.nio.ByteBuffer.wrap(DnsReply.question(questions)), group);
    }

    private void listen(DatagramChannel channel, long end, Answers answers) throws IOException {
        var packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        var socket = channel.socket();
        for (long left = end - System.nanoTime(); left > 0 && !answers.full(); left = end - System.nanoTime()) {
            socket.setSoTimeout((int) Math.max(1, Duration.ofNanos(left).toMillis()));
            packet.setLength(LARGEST);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return; // all that was said in this time was heard
            }
            answers.add(packet.getAddress(), packet.getData(), packet.getLength());
        }
    }

    private boolean loopback() {
        try {
            return network.isLoopback();
        } catch (IOException e) {
            return false; // then those of this computer are not believed
        }
    }

    private static List<InterfaceAddress> links(NetworkInterface network) {
        return network.getInterfaceAddresses().stream()
                .filter(link -> link.getAddress() instanceof Inet4Address)
                .toList();
    }

    private static boolean believable(InetAddress address, boolean inside) {
        return inside ? address.isLoopbackAddress() : address.isSiteLocalAddress() || address.isLinkLocalAddress();
    }

    private boolean onLink(InetAddress address) {
        if (!believable(address, loopback())) return false;
        int number = number(address.getAddress());
        return links(network).stream().anyMatch(link -> {
            int bits = link.getNetworkPrefixLength();
            int mask = bits == 0 ? 0 : -1 << (32 - bits);
            return (number & mask) == (number(link.getAddress().getAddress()) & mask);
        });
    }

    private static int number(byte[] address) {
        int number = 0;
        for (byte part : address) number = (number << 8) | (part & 0xff);
        return number;
    }

    /** Names are shown on terminals and written into files. */
    private static String shown(String name) {
        return name.replaceAll("\\p{Cntrl}", " ").strip();
    }

    /** What was said so far. */
    private final class Answers {
        private record Offer(Service service, Name instance) {
            String title() {
                return shown(instance.first()) + " (" + service.type() + ")";
            }
        }

        private final Map<String, Offer> offers = new LinkedHashMap<>();
        private final Map<String, DnsReply.Place> places = new HashMap<>();
        private final Map<String, InetAddress> hosts = new HashMap<>();
        private final Map<InetAddress, Integer> records = new HashMap<>();
        private final Map<String, String> elsewhere = new HashMap<>();
        private final Set<String> troubles = new LinkedHashSet<>();
        private int datagrams;

        boolean full() {
            if (datagrams < MOST_DATAGRAMS) return false;
            troubles.add("more than " + MOST_DATAGRAMS + " answers came: the rest was not listened to");
            return true;
        }

        void add(InetAddress source, byte[] bytes, int length) {
            datagrams++;
            if (!onLink(source)) {
                if (troubles.size() < MOST_SOURCES)
                    troubles.add("an answer of " + source.getHostAddress() + ", which is not on this link");
                return;
            }
            if (!records.containsKey(source) && records.size() >= MOST_SOURCES) return;
            int before = records.merge(source, 0, Integer::sum);
            var parsed = DnsReply.parse(bytes, length);
            if (parsed.isEmpty()) {
                troubles.add("what " + source.getHostAddress() + " answered cannot be read");
                return;
            }
            var reply = parsed.get();
            int taken = before;
            for (var pointer : reply.pointers()) {
                var service = Service.of(pointer.service());
                if (service.isEmpty()) continue;
                var key = pointer.instance().key();
                if (offers.containsKey(key)) continue;
                if (++taken > MOST_OF_A_SOURCE || offers.size() >= MOST_ANNOUNCEMENTS) {
                    tooMany(source);
                    break;
                }
                offers.put(key, new Offer(service.get(), pointer.instance()));
            }
            records.put(source, taken);
            for (var place : reply.places())
                if (places.size() < 2 * MOST_ANNOUNCEMENTS)
                    places.putIfAbsent(place.instance().key(), place);
            for (var host : reply.hosts()) host(host);
        }

        private void tooMany(InetAddress source) {
            troubles.add(source.getHostAddress() + " announced more than " + MOST_OF_A_SOURCE
                    + " services, or all did more than " + MOST_ANNOUNCEMENTS + ": the rest was not looked at");
        }

        private void host(DnsReply.Host host) {
            if (onLink(host.address())) {
                if (hosts.size() < 2 * MOST_ANNOUNCEMENTS)
                    hosts.putIfAbsent(host.name().key(), host.address());
            } else if (elsewhere.size() < MOST_ANNOUNCEMENTS)
                elsewhere.put(host.name().key(), host.address().getHostAddress());
        }

        /** What must be known to use an offer and was not sent along with it. */
        List<Question> missing() {
            var questions = new ArrayList<Question>();
            for (var offer : offers.values()) {
                if (questions.size() >= MOST_ASKED_AGAIN) break;
                var place = places.get(offer.instance().key());
                if (place == null) questions.add(new Question(offer.instance(), DnsReply.PLACE));
                else if (!hosts.containsKey(place.host().key()))
                    questions.add(new Question(place.host(), DnsReply.HOST));
            }
            return questions;
        }

        Heard heard() {
            var announcements = new ArrayList<Announcement>();
            for (var offer : offers.values()) {
                var place = places.get(offer.instance().key());
                if (place == null || place.port() == 0) {
                    troubles.add(offer.title() + ": it did not say at which port it is");
                    continue;
                }
                var address = hosts.get(place.host().key());
                if (address == null) {
                    var other = elsewhere.get(place.host().key());
                    troubles.add(offer.title()
                            + (other == null
                                    ? ": it did not say its IPv4 address"
                                    : ": it says that it is at " + other + ", which is not on this link"));
                    continue;
                }
                announcements.add(new Announcement(
                        shown(offer.instance().first()),
                        offer.service(),
                        new InetSocketAddress(address, place.port())));
            }
            return new Heard(announcements, List.copyOf(troubles));
        }
    }
}
