package org.athanor.devices.drivers;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.athanor.devices.Credentials;
import org.athanor.devices.Heater;
import org.athanor.devices.antminer.AntminerHeater;
import org.athanor.devices.antminer.AntminerMode;
import org.athanor.devices.avalon.AvalonHeater;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.axeos.AxeOsHeater;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.braiins.BraiinsHeater;
import org.athanor.devices.drivers.HeaterSettings.Level;
import org.athanor.devices.luxos.LuxOsHeater;
import org.athanor.devices.luxos.LuxOsProfile;
import org.athanor.devices.vnish.VnishHeater;
import org.athanor.devices.vnish.VnishLevel;
import org.athanor.devices.whatsminer.WhatsminerHeater;
import org.athanor.devices.whatsminer.WhatsminerLevel;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/** The heaters that are reached over a network, by the names that configurations use. */
public enum HeaterKind {
    NANO3("nano3", "Avalon Nano 3", 4028, "") {
        @Override
        public Heater create(HeaterSettings settings) {
            return avalon(AvalonModel.NANO_3, settings);
        }
    },
    NANO3S("nano3s", "Avalon Nano 3S", 4028, "") {
        @Override
        public Heater create(HeaterSettings settings) {
            return avalon(AvalonModel.NANO_3S, settings);
        }
    },
    MINI3("mini3", "Avalon Mini 3", 4028, "") {
        @Override
        public Heater create(HeaterSettings settings) {
            return avalon(AvalonModel.MINI_3, settings);
        }
    },
    AVALON_Q("avalon-q", "Avalon Q", 4028, "") {
        @Override
        public Heater create(HeaterSettings settings) {
            return avalon(AvalonModel.Q, settings);
        }
    },
    AVALON_A15("avalon-a15", "Avalon A15 (A1566 and relatives)", 4028, "") {
        @Override
        public Heater create(HeaterSettings settings) {
            return avalon(AvalonModel.A15, settings);
        }
    },
    AXEOS("axeos", "Bitaxe, NerdQAxe and others with AxeOS", 80, "") {
        @Override
        public Heater create(HeaterSettings settings) {
            var model = settings.model().map(HeaterKind::axeOsModel).orElse(AxeOsModel.GAMMA);
            return new AxeOsHeater(settings.id(), model, settings.pauses(), settings.address(), settings.timeout());
        }
    },
    BRAIINS("braiins", "Braiins OS", 80, "the watts of a power target, such as 1200,") {
        @Override
        public Heater create(HeaterSettings settings) {
            var targets = settings.levels().stream().map(Level::watts).toList();
            var login = login(settings, Credentials.DEFAULT);
            return new BraiinsHeater(
                    settings.id(),
                    model(settings),
                    targets,
                    most(settings),
                    login,
                    settings.address(),
                    settings.timeout());
        }
    },
    LUXOS("luxos", "LuxOS", 4028, "the name of a profile and its watts, such as 290MHz 800,") {
        @Override
        public Heater create(HeaterSettings settings) {
            var profiles = settings.levels().stream()
                    .map(level -> new LuxOsProfile(profile(settings, level), new Watts(level.watts()), Hashrate.ZERO))
                    .toList();
            return new LuxOsHeater(
                    settings.id(), model(settings), profiles, most(settings), settings.address(), settings.timeout());
        }
    },
    VNISH(
            "vnish",
            "Vnish",
            80,
            "the watts of a throttle, such as 1200, or a preset and its watts, such as 1800 1750,") {
        @Override
        public Heater create(HeaterSettings settings) {
            var levels = vnish(settings.levels());
            var password = settings.credentials().map(Credentials::password).orElse("admin");
            return new VnishHeater(
                    settings.id(),
                    model(settings),
                    levels,
                    most(settings),
                    password,
                    settings.address(),
                    settings.timeout());
        }
    },
    WHATSMINER_V2("whatsminer-v2", "Whatsminer, firmware until 2024", 4028, Words.LIMITS) {
        @Override
        public Heater create(HeaterSettings settings) {
            var password = settings.credentials().map(Credentials::password).orElse("admin");
            return WhatsminerHeater.v2(
                    settings.id(),
                    model(settings),
                    whatsminer(settings),
                    most(settings),
                    password,
                    settings.address(),
                    settings.timeout());
        }
    },
    WHATSMINER_V3("whatsminer-v3", "Whatsminer, firmware after November 2024", 4433, Words.LIMITS) {
        @Override
        public Heater create(HeaterSettings settings) {
            var login = login(settings, new Credentials(WhatsminerHeater.V3_USER, "super"));
            return WhatsminerHeater.v3(
                    settings.id(),
                    model(settings),
                    whatsminer(settings),
                    most(settings),
                    login,
                    settings.address(),
                    settings.timeout());
        }
    },
    ANTMINER(
            "antminer",
            "Antminer with its maker's firmware",
            80,
            "the watts of a mode, low power or normal, such as 3250,") {
        @Override
        public Heater create(HeaterSettings settings) {
            var watts = settings.levels().stream().map(Level::watts).toList();
            if (watts.size() > 2)
                throw new IllegalArgumentException(
                        "levels " + watts + " (normal, or low power and normal: this firmware has no others)");
            var normal = AntminerMode.normal(new Watts(watts.getLast()));
            var modes = watts.size() == 1
                    ? List.of(normal)
                    : List.of(AntminerMode.lowPower(new Watts(watts.getFirst())), normal);
            var web = settings.address();
            // behind other ports, as of a simulated one, its two are taken for neighbours
            int port = web.getPort() == AntminerHeater.HTTP_PORT ? AntminerHeater.API_PORT : web.getPort() + 1;
            var api = new InetSocketAddress(web.getHostString(), port);
            return new AntminerHeater(
                    settings.id(),
                    model(settings),
                    modes,
                    most(settings),
                    login(settings, Credentials.DEFAULT),
                    settings.address(),
                    api,
                    settings.timeout());
        }
    };

    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}) ?%(?: of)?");

    private final String title;
    private final String description;
    private final int port;
    private final String levels;

    private static final class Words {
        static final String LIMITS =
                "the watts of a power limit, such as 3400, or a share of one without a restart, such as 60% of 3400,";
    }

    /** @param levels what one may be, where that is its owner's choice */
    HeaterKind(String title, String description, int port, String levels) {
        this.title = title;
        this.description = description;
        this.port = port;
        this.levels = levels;
    }

    /**
     * The driver of such a device; nothing is sent to it.
     *
     * @throws IllegalArgumentException for settings that its kind cannot have
     */
    public abstract Heater create(HeaterSettings settings);

    public String title() {
        return title;
    }

    public String description() {
        return description;
    }

    /** Where its API usually is. */
    public int port() {
        return port;
    }

    /** Whether levels and maximum power are its owner's to say. */
    public boolean levelsChosen() {
        return !levels.isEmpty();
    }

    /** What one of its levels may be, in words, where they are its owner's to say. */
    public String levels() {
        return levels;
    }

    /**
     * Reads one of its levels, where they are its owner's to say.
     *
     * @throws IllegalArgumentException for what is none
     */
    public Level level(String text) {
        if (!levelsChosen())
            throw new IllegalArgumentException("level " + text + " (it has levels of its own, so none is accepted)");
        var level = Level.parse(text);
        boolean right = switch (this) {
            case BRAIINS, ANTMINER -> level.name().isEmpty();
            case LUXOS -> level.name().isPresent();
            case WHATSMINER_V2, WHATSMINER_V3 ->
                level.name().isEmpty() || SHARE.matcher(level.name().get()).matches();
            case VNISH, NANO3, NANO3S, MINI3, AVALON_Q, AVALON_A15, AXEOS -> true;
        };
        if (!right) throw new IllegalArgumentException("level " + text + " (" + levels + " is accepted)");
        return level;
    }

    /** Whether its firmware has a timer that can be set ahead as a lease. */
    public boolean leases() {
        return this == MINI3 || this == AVALON_Q;
    }

    /** Whether no command stops it, so that only the plug that it hangs on does. */
    public boolean stopsByPlugAlone() {
        return this == NANO3 || this == NANO3S;
    }

    public static Optional<HeaterKind> named(String title) {
        return Arrays.stream(values()).filter(kind -> kind.title.equals(title)).findFirst();
    }

    private static Heater avalon(AvalonModel model, HeaterSettings settings) {
        return new AvalonHeater(settings.id(), model, settings.address(), settings.timeout(), settings.lease());
    }

    private static AxeOsModel axeOsModel(String name) {
        return Arrays.stream(AxeOsModel.values())
                .filter(model -> key(model).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("model " + name + " (one of "
                        + Arrays.stream(AxeOsModel.values())
                                .map(HeaterKind::key)
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    private static String key(AxeOsModel model) {
        return model.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A password without a user is one of the user that the firmware is delivered with. */
    private static Credentials login(HeaterSettings settings, Credentials delivered) {
        return settings.credentials()
                .map(given -> given.user().isEmpty() ? new Credentials(delivered.user(), given.password()) : given)
                .orElse(delivered);
    }

    String model(HeaterSettings settings) {
        return settings.model().orElse(description);
    }

    private static Watts most(HeaterSettings settings) {
        return settings.maximumPower()
                .orElseThrow(() -> new IllegalArgumentException("the maximum power by its nameplate is missing"));
    }

    private static String profile(HeaterSettings settings, Level level) {
        return level.name()
                .orElseThrow(() -> new IllegalArgumentException(
                        settings.id() + ": level " + level.watts() + " (the name of a profile and its watts)"));
    }

    /** Watts alone are a share of the highest. A preset changes what they are shares of, so there are either those or these. */
    private static List<VnishLevel> vnish(List<Level> levels) {
        long presets = levels.stream().filter(level -> level.name().isPresent()).count();
        if (presets > 0 && presets < levels.size())
            throw new IllegalArgumentException(
                    "some levels are presets and some watts alone, which throttle whatever preset was chosen last (either"
                            + " all or none with a preset are accepted)");
        int highest = levels.stream().mapToInt(Level::watts).max().orElseThrow();
        return levels.stream()
                .map(level -> level.name()
                        .map(preset -> VnishLevel.preset(preset, new Watts(level.watts())))
                        .orElseGet(() -> VnishLevel.throttled(
                                Math.round(100f * level.watts() / highest), new Watts(level.watts()))))
                .toList();
    }

    /** Each a power limit, or a share of one, such as 60% of 3400. */
    private static List<WhatsminerLevel> whatsminer(HeaterSettings settings) {
        return settings.levels().stream()
                .map(level -> new WhatsminerLevel(
                        level.watts(), level.name().map(HeaterKind::percent).orElse(100)))
                .toList();
    }

    private static int percent(String name) {
        var share = SHARE.matcher(name);
        if (!share.matches())
            throw new IllegalArgumentException("level " + name + " (" + Words.LIMITS + " is accepted)");
        return Integer.parseInt(share.group(1));
    }
}
