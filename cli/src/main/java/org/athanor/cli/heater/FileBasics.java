package org.athanor.cli.heater;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.athanor.cli.heater.HomeSetup.NamedFile;
import org.athanor.cli.yaml.Fields;
import org.athanor.devices.Credentials;
import org.athanor.devices.http.DigestHttp;
import org.athanor.devices.http.JsonHttp;

/** What all parts of a heater file are read with: its folder, its names, and the kinds of values that they share. */
final class FileBasics {
    /** What {@link #device} accepts. */
    static final String DEVICE =
            "HOST[:PORT], the host an address or a name of letters, digits, - and . that is known here,";

    private static final String ID = "a short name of small letters, digits and -";

    private final Path folder;
    private final ZoneId zone;
    private final Currency currency;
    private final List<NamedFile> files = new ArrayList<>();
    private final Claims claims = new Claims();

    /** @param folder that paths in the text begin at */
    FileBasics(Path folder, ZoneId zone, Currency currency) {
        this.folder = folder;
        this.zone = zone;
        this.currency = currency;
    }

    /** All that were named so far, those with mistakes too. */
    List<NamedFile> files() {
        return files;
    }

    Path folder() {
        return folder;
    }

    ZoneId zone() {
        return zone;
    }

    Currency currency() {
        return currency;
    }

    Claims claims() {
        return claims;
    }

    Optional<String> id(Fields group) {
        var id = group.value("id", ID, text -> {
            if (!text.matches("[a-z0-9][a-z0-9-]{0,30}")) throw new IllegalArgumentException(text);
            return text;
        });
        if (id.isEmpty() && !group.has("id")) group.complain(group.missing("id", ID));
        id.ifPresent(each -> claims.claim(new Claims.Id(each), group, "id", "a name of one thing alone"));
        return id;
    }

    static OptionalDouble number(Fields group, String key, double lowest, double highest, String unit) {
        if (!group.has(key))
            group.complain(group.missing(key, "a number from " + lowest + " to " + highest + " " + unit));
        return group.number(key, lowest, highest, unit);
    }

    static <T> Optional<T> needed(Fields group, String key, String accepted, Function<String, T> parse) {
        if (!group.has(key)) group.complain(group.missing(key, accepted));
        return group.value(key, accepted, parse);
    }

    static InetSocketAddress address(String text, int usualPort) {
        var address = named(text, usualPort);
        if (address.isUnresolved())
            throw new IllegalArgumentException("host " + address.getHostString() + " is not known");
        return address;
    }

    private static InetSocketAddress named(String text, int usualPort) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon < 0 || text.endsWith("]");
        var host = bare ? text : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        int port = bare ? usualPort : Integer.parseInt(text.substring(colon + 1));
        if (host.isEmpty()) throw new IllegalArgumentException("address " + text);
        return new InetSocketAddress(host, port);
    }

    /** That of a device: it has a port, and can be asked by HTTP. Its name may not be known yet: a router may start later. */
    static InetSocketAddress device(String text, int usualPort) {
        var address = named(text, usualPort);
        if (address.getPort() == 0) throw new IllegalArgumentException("port 0");
        return JsonHttp.address(address);
    }

    Optional<Credentials> login(Fields group) {
        var user = group.value("user", "a user of ASCII characters without quotes", DigestHttp::user)
                .orElse("");
        if (group.has("user") && !group.has("password") && !group.has("passwordFile"))
            group.complain(group.missing("password", "beside a user, its password, or its passwordFile,"));
        return password(group, user);
    }

    /** @param user whose password it is */
    Optional<Credentials> password(Fields group, String user) {
        var inFile = group.has("passwordFile")
                ? secret(group, "passwordFile", "a file that holds the password alone", password -> password)
                : Optional.<String>empty();
        return inFile.or(() -> group.text("password", "a password")).map(password -> new Credentials(user, password));
    }

    Optional<String> password(Fields group) {
        return login(group).map(Credentials::password);
    }

    /** A file beside the heater file: it is kept in mind, as a service has to read it too. */
    <T> Optional<T> file(Fields group, String key, String accepted, Function<Path, T> read) {
        var named = group.text(key, accepted);
        if (named.isEmpty()) return Optional.empty();
        var why = unreadable(named.get());
        if (why.isPresent()) {
            group.complain(group.useless(key, why.get() + "; " + accepted + " is accepted"));
            return Optional.empty();
        }
        return group.value(key, accepted, name -> {
            var file = folder.resolve(name);
            files.add(new NamedFile(group.path(key), file));
            return read.apply(file);
        });
    }

    private Optional<String> unreadable(String name) {
        try {
            var file = folder.resolve(name);
            if (!Files.exists(file)) return Optional.of("there is no such file, " + file);
            return Files.isReadable(file) ? Optional.empty() : Optional.of("this user may not read " + file);
        } catch (InvalidPathException e) {
            return Optional.of("no name of a file");
        }
    }

    /**
     * What stands in a file, alone.
     *
     * @param parse of its one line
     */
    <T> Optional<T> secret(Fields group, String key, String accepted, Function<String, T> parse) {
        return file(group, key, accepted, file -> parse.apply(onlyLine(file)));
    }

    private static String onlyLine(Path file) {
        try {
            var secret = Files.readString(file).strip();
            if (secret.lines().count() != 1) throw new IllegalArgumentException(file + " holds no single line");
            return secret;
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static <E extends Enum<E>> Map<String, E> byName(E[] values) {
        Map<String, E> names = new LinkedHashMap<>();
        for (var value : values) names.put(title(value), value);
        return names;
    }

    static String title(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <T> Map<String, T> ordered(String a, T first, String b, T second) {
        Map<String, T> choices = new LinkedHashMap<>();
        choices.put(a, first);
        choices.put(b, second);
        return choices;
    }
}
