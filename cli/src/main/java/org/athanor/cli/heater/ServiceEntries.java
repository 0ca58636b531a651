package org.athanor.cli.heater;

import java.net.URI;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ThreadLocalRandom;
import org.athanor.cli.heater.HomeSetup.Access;
import org.athanor.cli.heater.HomeSetup.DayNight;
import org.athanor.cli.heater.HomeSetup.Flat;
import org.athanor.cli.heater.HomeSetup.HomeAssistantEntry;
import org.athanor.cli.heater.HomeSetup.Market;
import org.athanor.cli.heater.HomeSetup.Place;
import org.athanor.cli.yaml.Fields;
import org.athanor.comfort.series.HouseholdAddition;
import org.athanor.devices.Credentials;
import org.athanor.devices.homeassistant.HomeAssistantAccess;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.mqtt.MqttConfig;
import org.athanor.edge.forecast.PriceTerms;
import org.athanor.edge.homeassistant.HomeAssistantConfig;
import org.athanor.edge.s2.S2Config;
import org.athanor.ledger.MiningScenario;
import org.athanor.stratum.PoolAddress;
import org.athanor.units.PricePerKwh;

/** Reads what the home is connected to: its tariff and place, brokers, managers and a pool. */
final class ServiceEntries {
    private final FileBasics basics;
    private final Fields top;

    ServiceEntries(FileBasics basics, Fields top) {
        this.basics = basics;
        this.top = top;
    }

    Optional<HomeSetup.Tariff> tariff() {
        var group =
                top.group("tariff", "kind", "price", "day", "night", "dayFrom", "dayUntil", "zone", "addition", "tax");
        if (group.isEmpty()) {
            if (!top.has("tariff")) top.complain(top.missing("tariff", "a group such as {kind: flat, price: 0.30}"));
            return Optional.empty();
        }
        var tariff = group.get();
        var kind = tariff.choice("kind", Map.of("flat", "flat", "day-night", "day-night", "market", "market"))
                .orElse(tariff.has("kind") ? "" : "flat");
        return switch (kind) {
            case "flat" -> {
                var price = FileBasics.number(tariff, "price", 0, 5, basics.currency() + "/kWh");
                yield price.isPresent() ? Optional.of(new Flat(price(price))) : Optional.empty();
            }
            case "day-night" -> dayNight(tariff);
            case "market" -> market(tariff);
            default -> Optional.empty(); // its mistake is told
        };
    }

    private Optional<HomeSetup.Tariff> dayNight(Fields tariff) {
        var day = FileBasics.number(tariff, "day", 0, 5, basics.currency() + "/kWh");
        var night = FileBasics.number(tariff, "night", 0, 5, basics.currency() + "/kWh");
        var from = tariff.time("dayFrom").orElse(LocalTime.of(7, 0));
        var until = tariff.time("dayUntil").orElse(LocalTime.of(22, 0));
        if (day.isEmpty() || night.isEmpty()) return Optional.empty();
        return Optional.of(new DayNight(price(day), price(night), from, until));
    }

    private Optional<HomeSetup.Tariff> market(Fields tariff) {
        double addition =
                tariff.number("addition", -10, 10, basics.currency() + "/kWh").orElse(0);
        double tax = tariff.number("tax", 0, 1, "(0.21 is 21 %)").orElse(0);
        if (!basics.currency().getCurrencyCode().equals("EUR"))
            tariff.complain(tariff.wrong("kind", "with currency " + basics.currency() + " one of flat, day-night"));
        return FileBasics.needed(
                tariff,
                "zone",
                "a bidding zone such as BE or DE-LU",
                name -> new Market(new PriceTerms.DayAhead(name, new HouseholdAddition(addition, tax))));
    }

    private PricePerKwh price(OptionalDouble value) {
        return new PricePerKwh(value.getAsDouble(), basics.currency());
    }

    Optional<Place> place() {
        return top.group("location", "latitude", "longitude", "windows").flatMap(group -> {
            var latitude = FileBasics.number(group, "latitude", -90, 90, "degrees");
            var longitude = FileBasics.number(group, "longitude", -180, 180, "degrees");
            var windows = group.values(
                    "windows", "a direction: north, east, south, west, or degrees", ServiceEntries::azimuth);
            if (latitude.isEmpty() || longitude.isEmpty()) return Optional.empty();
            return Optional.of(new Place(latitude.getAsDouble(), longitude.getAsDouble(), windows));
        });
    }

    private static double azimuth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "north" -> 0;
            case "east" -> 90;
            case "south" -> 180;
            case "west" -> 270;
            default -> {
                double degrees = Double.parseDouble(text);
                if (!(degrees >= 0 && degrees < 360)) throw new IllegalArgumentException(text);
                yield degrees;
            }
        };
    }

    Optional<MqttConfig> broker() {
        return top.group("mqtt", "host", "port", "tls", "authority", "user", "password", "passwordFile")
                .flatMap(group -> {
                    var host = FileBasics.needed(
                            group,
                            "host",
                            "the broker's name or address alone, such as 192.168.1.2,",
                            MqttConfig::host);
                    var secure = group.choice("tls", FileBasics.ordered("true", true, "false", false));
                    boolean tls = secure.orElse(false);
                    int port = group.whole("port", 1, 65_535, tls ? 8883 : 1883);
                    var authority = basics.file(
                            group, "authority", "a file with a certificate in PEM form", MqttBroker::authority);
                    if (group.has("authority") && !tls && (secure.isPresent() || !group.has("tls")))
                        group.complain(group.notTogether("authority", "of use with tls: true alone"));
                    var user = group.value("user", "a user without line breaks", MqttConfig::user);
                    var login = basics.password(group, user.orElse(""));
                    if (login.isPresent() && !group.has("user"))
                        group.complain(group.missing("user", "beside a password, its user"));
                    return host.map(name -> {
                        var plain = MqttConfig.plain(name, port, client());
                        var secured = tls ? plain.withTls(authority) : plain;
                        return user.map(known -> secured.withUser(
                                        known, login.map(Credentials::password).orElse("")))
                                .orElse(secured);
                    });
                });
    }

    /** Two programs at one broker that had the same name would cut each other off. */
    private static String client() {
        return "athanor-heater-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    Optional<S2Config> manager() {
        return top.group("s2", "url", "token", "tokenFile").flatMap(group -> {
            var url = FileBasics.needed(
                    group,
                    "url",
                    "an address such as ws://192.168.1.3:8080/s2",
                    text -> S2Config.of(URI.create(text)).manager());
            var token = group.has("tokenFile")
                    ? basics.secret(group, "tokenFile", "a file that holds the token alone", JsonHttp::bearer)
                    : group.value("token", "a token of ASCII characters without blanks", JsonHttp::bearer);
            return url.map(address -> new S2Config(address, token, S2Config.VERSIONS));
        });
    }

    Optional<HomeAssistantEntry> homeAssistant(Optional<Fields> home, Optional<MqttConfig> broker) {
        return home.flatMap(group -> {
            boolean discovered = group.choice("discovery", FileBasics.ordered("true", true, "false", false))
                    .orElse(true);
            var prefix = group.value("discoveryPrefix", HomeAssistantConfig.TOPIC, HomeAssistantConfig::topic);
            var homeId = group.value("homeId", HomeAssistantConfig.HOME_ID, HomeAssistantConfig::homeId);
            if (!discovered) return Optional.empty();
            if (broker.isEmpty() && !top.has("mqtt")) {
                top.complain(top.missing("mqtt", "with homeAssistant, the broker as {host: 192.168.1.2}"));
                return Optional.empty();
            }
            return Optional.of(
                    new HomeAssistantEntry(prefix.orElse(HomeAssistantConfig.DISCOVERY_PREFIX), homeId.orElse("home")));
        });
    }

    /** Whether something is said of its API, right or wrong. */
    static boolean saysRest(Optional<Fields> home) {
        return home.filter(group -> group.has("address") || group.has("token") || group.has("tokenFile"))
                .isPresent();
    }

    Optional<Access> homeAssistantRest(Optional<Fields> home) {
        return home.filter(_ -> saysRest(home)).flatMap(group -> {
            var address = FileBasics.needed(
                    group, "address", FileBasics.DEVICE, text -> FileBasics.device(text, HomeAssistantAccess.PORT));
            var token = group.has("tokenFile")
                    ? basics.secret(
                            group,
                            "tokenFile",
                            "a file that holds a long-lived access token alone",
                            HomeAssistantAccess::token)
                    : FileBasics.needed(group, "token", "a long-lived access token", HomeAssistantAccess::token);
            if (address.isEmpty() || token.isEmpty()) return Optional.empty();
            return Optional.of(new Access(address.get(), token.get()));
        });
    }

    /** The pool that this computer's own chips mine for. */
    Optional<HomeSetup.Pool> pool(Optional<Fields> mining) {
        if (mining.isEmpty()) return Optional.empty();
        var group = mining.get();
        var address = group.value(
                "pool", "stratum+tcp://HOST:PORT, such as stratum+tcp://pool.example.com:3333,", PoolAddress::parse);
        var user = HeaterEntries.poolUser(group, "pool");
        return address.flatMap(at -> user.map(name -> new HomeSetup.Pool(at, name)));
    }

    MiningScenario scenario(Optional<Fields> mining) {
        var usual = MiningScenario.JULY_2025;
        var price = mining.map(group ->
                        group.number("bitcoinPrice", 0, 1e9, basics.currency().toString()))
                .orElse(OptionalDouble.empty());
        if (!basics.currency().equals(usual.currency()) && price.isEmpty())
            top.complain(top.missing(
                    "mining",
                    "with currency " + basics.currency() + ", bitcoinPrice in it, as {bitcoinPrice: 100000},"));
        var fee = mining.map(group -> group.number("poolFee", 0, 0.5, "(0.02 is 2 %)"))
                .orElse(OptionalDouble.empty());
        return new MiningScenario(
                usual.name(),
                usual.date(),
                usual.difficulty(),
                usual.subsidy(),
                usual.fees(),
                price.isPresent() ? java.math.BigDecimal.valueOf(price.getAsDouble()) : usual.bitcoinPrice(),
                basics.currency(),
                fee.isPresent() ? java.math.BigDecimal.valueOf(fee.getAsDouble()) : usual.poolFee());
    }
}
