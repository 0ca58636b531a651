package org.athanor.edge.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.athanor.edge.RefusalWords;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.journal.Journal;

/**
 * Lets other devices of the home reach the page: who reads a code from the heater itself gets a token for good, until it is
 * revoked. The journal keeps hashes of tokens alone. Safe for use by several threads.
 *
 * <p>A token is 256 random bits, so a plain hash of it cannot be turned back. A code is 8 digits: it is good for five
 * minutes and five tries, once. The page is plain HTTP: who can listen in to the home's network can copy a token.
 */
public final class Pairing {
    static final Duration CODE_LIFE = Duration.ofMinutes(5);
    static final int TRIES = 5;
    static final int MOST_DEVICES = 32;

    private static final String KEY = "pairing.devices";
    private static final int LONGEST_NAME = 60;
    /** Of the time when a device was seen last: it is no diary. */
    private static final Duration SEEN_EVERY = Duration.ofHours(1);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Journal journal;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final List<Known> known = new ArrayList<>();
    private Optional<Code> open = Optional.empty();
    private int triesLeft;

    /** A device that was paired. */
    public record Device(String id, String name, Instant paired, Instant seen) {}

    /** A code that can be used until {@code until}; it is not printed by accident. */
    public record Code(String digits, Instant until) {
        @Override
        public String toString() {
            return "a code until " + until;
        }
    }

    /** What a device is given, once. */
    record Paired(Device device, String token) {
        @Override
        public String toString() {
            return device.toString();
        }
    }

    private record Known(Device device, String tokenHash) {}

    /**
     * @param clock of the wall
     * @throws IllegalStateException if the journal's list of devices cannot be read: nobody is let in by mistake
     */
    public Pairing(Journal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
        journal.setting(KEY).ifPresent(text -> known.addAll(read(text)));
    }

    // ---- codes

    /** A new code in place of any other; it is to be shown at the heater itself and nowhere else. */
    public synchronized Code open() {
        triesLeft = TRIES;
        var code = new Code(
                "%08d".formatted(random.nextInt(100_000_000)), clock.instant().plus(CODE_LIFE));
        open = Optional.of(code);
        return code;
    }

    /** The code that can be used now. */
    public synchronized Optional<Code> code() {
        if (open.filter(code -> clock.instant().isBefore(code.until())).isEmpty()) open = Optional.empty();
        return open;
    }

    /**
     * Pairs a device that knows the code.
     *
     * @param name for the list of devices
     * @throws SettingRefused for a wrong code, a name that cannot be used, or too many devices
     */
    synchronized Paired pair(String digits, String name) {
        var shown = name.strip();
        if (shown.isEmpty() || shown.length() > LONGEST_NAME || shown.chars().anyMatch(Character::isISOControl))
            throw new SettingRefused("name", "\"" + shown + "\"", RefusalWords.DEVICE_NAME.with("most", LONGEST_NAME));
        var valid = code();
        if (valid.isEmpty()) throw new SettingRefused("code", "(not shown)", RefusalWords.NO_PAIRING_CODE);
        if (!MessageDigest.isEqual(bytes(valid.get().digits()), bytes(digits))) {
            if (--triesLeft == 0) open = Optional.empty();
            throw new SettingRefused(
                    "code",
                    "(not shown)",
                    triesLeft == 1
                            ? RefusalWords.PAIRING_CODE_ONE_TRY.alone()
                            : RefusalWords.PAIRING_CODE.with("left", triesLeft));
        }
        if (known.size() >= MOST_DEVICES)
            throw new SettingRefused("devices", known.size(), RefusalWords.FEWER_DEVICES.with("most", MOST_DEVICES));
        open = Optional.empty();
        var secret = new byte[32];
        random.nextBytes(secret);
        var token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        var now = clock.instant();
        var device = new Device(HexFormat.of().toHexDigits(random.nextInt()), shown, now, now);
        known.add(new Known(device, hash(token)));
        keep();
        return new Paired(device, token);
    }

    // ---- devices

    /** The device that shows this token. */
    synchronized Optional<Device> device(String token) {
        var hash = hash(token);
        var now = clock.instant();
        for (int i = 0; i < known.size(); i++) {
            var each = known.get(i);
            if (!MessageDigest.isEqual(bytes(each.tokenHash()), bytes(hash))) continue;
            var device = each.device();
            if (Duration.between(device.seen(), now).compareTo(SEEN_EVERY) >= 0) {
                device = new Device(device.id(), device.name(), device.paired(), now);
                known.set(i, new Known(device, hash));
                keep();
            }
            return Optional.of(device);
        }
        return Optional.empty();
    }

    synchronized boolean isPaired(String id) {
        return known.stream().anyMatch(each -> each.device().id().equals(id));
    }

    public synchronized List<Device> devices() {
        return known.stream().map(Known::device).toList();
    }

    /** Its token is worth nothing from now on. @return whether there was such a device */
    public synchronized boolean revoke(String id) {
        boolean gone = known.removeIf(each -> each.device().id().equals(id));
        if (gone) keep();
        return gone;
    }

    // ---- the journal

    private void keep() {
        var list = MAPPER.createArrayNode();
        for (var each : known)
            list.addObject()
                    .put("id", each.device().id())
                    .put("name", each.device().name())
                    .put("paired", each.device().paired().toString())
                    .put("seen", each.device().seen().toString())
                    .put("sha256", each.tokenHash());
        journal.setting(KEY, Optional.of(list.toString()));
    }

    private static List<Known> read(String text) {
        var list = new ArrayList<Known>();
        try {
            for (JsonNode each : MAPPER.readTree(text))
                list.add(new Known(
                        new Device(
                                each.required("id").textValue(),
                                each.required("name").textValue(),
                                Instant.parse(each.required("paired").textValue()),
                                Instant.parse(each.required("seen").textValue())),
                        each.required("sha256").textValue()));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new IllegalStateException("the journal's list of paired devices cannot be read", e);
        }
        return list;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hash(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(token)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
