package org.athanor.devices.discovery;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The few records of a DNS message (RFC 1035, 6763) that tell who offers what where, from bytes that anybody may have sent.
 *
 * @param pointers instances of services
 * @param places where instances are
 * @param hosts IPv4 addresses of hosts
 */
record DnsReply(List<Pointer> pointers, List<Place> places, List<Host> hosts) {
    static final int POINTER = 12;
    static final int PLACE = 33;
    static final int HOST = 1;

    private static final int INTERNET = 1;
    /** The highest bit of a class only says that older records are void. */
    private static final int CLASS_BITS = 0x7fff;

    private static final int RESPONSE = 0x8000;
    private static final int LONGEST_NAME = 255;

    /** @param instance its labels, the first of which is a name for people */
    record Pointer(String service, Name instance) {}

    record Place(Name instance, int port, Name host) {}

    record Host(Name name, InetAddress address) {}

    /** A domain name; a label may hold any text, dots too. */
    record Name(List<String> labels) {
        Name {
            labels = List.copyOf(labels);
        }

        String first() {
            return labels.isEmpty() ? "" : labels.getFirst();
        }

        /** Without regard to case, which DNS has none of. */
        String key() {
            return text().toLowerCase(java.util.Locale.ROOT);
        }

        String text() {
            return String.join(".", labels);
        }
    }

    /** A name and what is asked of it. */
    record Question(Name name, int type) {}

    static byte[] question(List<Question> questions) {
        var bytes = new ByteArrayOutputStream();
        short16(bytes, 0); // number
        short16(bytes, 0); // an ordinary question
        short16(bytes, questions.size());
        for (int i = 0; i < 3; i++) short16(bytes, 0);
        for (var question : questions) {
            for (var label : question.name().labels()) {
                var text = label.getBytes(StandardCharsets.UTF_8);
                bytes.write(text.length);
                bytes.writeBytes(text);
            }
            bytes.write(0);
            short16(bytes, question.type());
            short16(bytes, INTERNET);
        }
        return bytes.toByteArray();
    }

    private static void short16(ByteArrayOutputStream bytes, int value) {
        bytes.write(value >>> 8);
        bytes.write(value);
    }

    /** Empty for what is no well-formed response: nothing of it is believed. */
    static Optional<DnsReply> parse(byte[] bytes, int length) {
        try {
            return parsed(ByteBuffer.wrap(bytes, 0, length).slice());
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static Optional<DnsReply> parsed(ByteBuffer in) {
        in.getShort();
        if ((in.getShort() & RESPONSE) == 0) return Optional.empty();
        int questions = in.getShort() & 0xffff;
        int records = (in.getShort() & 0xffff) + (in.getShort() & 0xffff) + (in.getShort() & 0xffff);
        for (int i = 0; i < questions; i++) {
            name(in);
            in.getInt();
        }
        var reply = new DnsReply(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        // each takes at least eleven bytes, so that the datagram's length bounds this
        for (int i = 0; i < records; i++) reply.record(in);
        return Optional.of(reply);
    }

    private void record(ByteBuffer in) {
        var name = name(in);
        int type = in.getShort() & 0xffff;
        boolean internet = (in.getShort() & CLASS_BITS) == INTERNET;
        in.getInt(); // how long it is true
        int length = in.getShort() & 0xffff;
        int end = in.position() + length;
        if (end > in.limit()) throw new IllegalArgumentException("a record beyond the end");
        if (internet) {
            switch (type) {
                case POINTER -> pointers.add(new Pointer(name.key(), name(in)));
                case PLACE -> {
                    in.getInt(); // priority and weight
                    int port = in.getShort() & 0xffff;
                    places.add(new Place(name, port, name(in)));
                }
                case HOST -> {
                    if (length != 4) throw new IllegalArgumentException("an IPv4 address of " + length + " bytes");
                    var address = new byte[4];
                    in.get(address);
                    hosts.add(new Host(name, address(address)));
                }
                default -> {} // texts and IPv6 are not needed
            }
        }
        in.position(end);
    }

    private static InetAddress address(byte[] four) {
        try {
            return InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e); // never of four bytes
        }
    }

    /** A name may go on at an earlier place; that place must be before the one that it is named at, so that none is a loop. */
    private static Name name(ByteBuffer in) {
        var labels = new ArrayList<String>();
        int total = 0;
        int back = -1;
        int barrier = in.position();
        while (true) {
            int length = in.get() & 0xff;
            if (length == 0) break;
            if ((length & 0xc0) == 0xc0) {
                int target = ((length & 0x3f) << 8) | (in.get() & 0xff);
                if (target >= barrier) throw new IllegalArgumentException("a name that goes on ahead of itself");
                if (back < 0) back = in.position();
                barrier = target;
                in.position(target);
                continue;
            }
            if ((length & 0xc0) != 0) throw new IllegalArgumentException("a label of an unknown sort");
            total += length + 1;
            if (total > LONGEST_NAME) throw new IllegalArgumentException("a name of more than 255 bytes");
            var label = new byte[length];
            in.get(label);
            labels.add(new String(label, StandardCharsets.UTF_8));
        }
        if (back >= 0) in.position(back);
        return new Name(labels);
    }
}
