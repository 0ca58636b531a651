package org.athanor.devices.whatsminer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PoolReader;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.whatsminer.WhatsminerApi.Reading;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Driver of a Whatsminer with its maker's firmware. Levels are power limits, shares of one, or both ({@link WhatsminerLevel}).
 *
 * <p>Before it takes commands, its owner must change its password and enable its API in WhatsMinerTool. A share of the power is
 * nowhere to be read, so such a level is known by the watts that the device reports, once it is stable; between two levels it is
 * none. A share is taken only by a device that is stable: after a start it goes to its whole limit first, refuses a share meanwhile
 * (without being asked), and is to be asked for the level again.
 *
 * <p>Source: MicroBT's API descriptions by way of libraries that speak them, and replies of firmware 20210322 to 20251209. Those of
 * versions 2 and 3 look synthesised: they show fields, not behaviour. Unverified: that version 3 takes a share as a text with the
 * mode {@code normal}, and that its power limit restarts mining as that of version 2 does.
 */
public final class WhatsminerHeater implements Heater, PoolReader {
    public static final int V2_PORT = 4028;
    public static final int V3_PORT = 4433;

    /** The account of version 3 that may write. */
    public static final String V3_USER = "super";

    private static final String V2_USER = "admin";
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** Of a level's watts: within this the reported power tells a share. */
    private static final double SAME_WATTS = 0.07;

    private final String id;
    private final List<WhatsminerLevel> levels;
    private final Capabilities capabilities;
    private final WhatsminerApi api;

    /**
     * What answers the API of version 3 there, by its own word; nothing is changed and no password needed.
     *
     * @throws DeviceException if nothing answers, or something else does
     */
    public static Optional<String> typeByVersion3(InetSocketAddress address, Duration timeout) {
        var question = JsonNodeFactory.instance.objectNode().put("cmd", "get.device.info");
        var type = new WhatsminerV3Client("device", address, timeout)
                .request(question)
                .at("/msg/miner/type");
        return type.isTextual() ? Optional.of(type.textValue()) : Optional.empty();
    }

    private WhatsminerHeater(
            String id, String model, List<WhatsminerLevel> levels, Watts maximumPower, WhatsminerApi api) {
        this.id = id;
        this.levels = List.copyOf(levels);
        this.capabilities = capabilities(model, levels, maximumPower);
        PowerLevel.requireUsable(capabilities.levels(), maximumPower);
        for (var level : levels)
            if (level.limitWatts() > maximumPower.value()) // which it goes for until it takes a share
            throw new IllegalArgumentException("level " + level.title() + " (a share of at most its maximum of "
                    + Math.round(maximumPower.value()) + " W is accepted)");
        this.api = api;
    }

    /**
     * One with the API of version 2 (firmware up to 202411).
     *
     * @param model for people, such as Whatsminer M30S
     * @param maximumPower by its nameplate
     * @param password of its user {@code admin}
     * @throws IllegalArgumentException for levels that do not ascend by power, or lie above the maximum
     */
    public static WhatsminerHeater v2(
            String id,
            String model,
            List<WhatsminerLevel> levels,
            Watts maximumPower,
            String password,
            InetSocketAddress address) {
        return v2(id, model, levels, maximumPower, password, address, DEFAULT_TIMEOUT);
    }

    /** @param timeout of one request with its reply */
    public static WhatsminerHeater v2(
            String id,
            String model,
            List<WhatsminerLevel> levels,
            Watts maximumPower,
            String password,
            InetSocketAddress address,
            Duration timeout) {
        var api = new WhatsminerV2(id, new Credentials(V2_USER, password), address, timeout);
        return new WhatsminerHeater(id, model, levels, maximumPower, api);
    }

    /**
     * One with the API of version 3 (firmware after 202411).
     *
     * @param credentials usually of {@link #V3_USER}
     * @throws IllegalArgumentException as for {@link #v2}
     */
    public static WhatsminerHeater v3(
            String id,
            String model,
            List<WhatsminerLevel> levels,
            Watts maximumPower,
            Credentials credentials,
            InetSocketAddress address) {
        return v3(id, model, levels, maximumPower, credentials, address, DEFAULT_TIMEOUT);
    }

    /** @param timeout of one request with its reply */
    public static WhatsminerHeater v3(
            String id,
            String model,
            List<WhatsminerLevel> levels,
            Watts maximumPower,
            Credentials credentials,
            InetSocketAddress address,
            Duration timeout) {
        var api = new WhatsminerV3(id, credentials, address, timeout);
        return new WhatsminerHeater(id, model, levels, maximumPower, api);
    }

    private static Capabilities capabilities(String model, List<WhatsminerLevel> levels, Watts maximumPower) {
        boolean oneLimit =
                levels.stream().mapToInt(WhatsminerLevel::limitWatts).distinct().count() == 1;
        var named = new ArrayList<PowerLevel>();
        named.add(new PowerLevel("off", Watts.ZERO));
        for (var level : levels) named.add(new PowerLevel(level.title(), level.watts()));
        return new Capabilities(
                model,
                named,
                maximumPower,
                // an M30S said that it took 1538 s to come to its power after a start
                oneLimit ? Duration.ofMinutes(2) : Duration.ofMinutes(26),
                Duration.ofMinutes(30), // its maker's guide on heating: its power supply is not for switching
                Duration.ofMinutes(5),
                !oneLimit,
                true,
                true,
                new Joules(maximumPower.value() * 250),
                Optional.of(new Celsius(105)),
                Optional.of(new Celsius(45)),
                "reported by the device");
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Optional<PoolSetting> pool() {
        return api.pool();
    }

    @Override
    public synchronized HeaterState read() {
        var reading = api.read();
        var level = level(reading);
        var declared = level.isPresent()
                ? Optional.of(capabilities.level(level.getAsInt()).watts())
                : Optional.<Watts>empty();
        var fault = fault(reading);
        return new HeaterState(
                level,
                phase(reading, fault.isPresent()),
                reading.power().or(() -> declared),
                reading.power().isPresent() ? PowerSource.REPORTED : PowerSource.DECLARED,
                reading.chip(),
                reading.inlet(),
                reading.fanRpm(),
                reading.hashrate(),
                fault);
    }

    /** A share is lost when mining restarts, so until the device is stable it goes for the whole of its limit. */
    private OptionalInt level(Reading reading) {
        if (reading.off()) return OptionalInt.of(0);
        var candidates = IntStream.rangeClosed(1, levels.size())
                .filter(level -> levels.get(level - 1).limitWatts() == reading.limitWatts())
                .toArray();
        boolean whole = !dimmed(reading.limitWatts())
                || !reading.stable()
                || reading.power().isEmpty();
        if (whole)
            return IntStream.of(candidates)
                    .filter(level -> levels.get(level - 1).percent() == 100)
                    .findFirst();
        double watts = reading.power().get().value();
        return IntStream.of(candidates)
                .filter(level -> distance(level, watts)
                        <= SAME_WATTS * levels.get(level - 1).watts().value())
                .boxed()
                .min(Comparator.comparingDouble(level -> distance(level, watts)))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    /** Whether there are levels that are shares of this limit. */
    private boolean dimmed(int limitWatts) {
        return levels.stream().anyMatch(level -> level.limitWatts() == limitWatts && level.percent() < 100);
    }

    private double distance(int level, double watts) {
        return Math.abs(levels.get(level - 1).watts().value() - watts);
    }

    private static boolean hashes(Reading reading) {
        return reading.hashrate().isPresent() && reading.hashrate().get().value() > 0;
    }

    private static Phase phase(Reading reading, boolean faulty) {
        if (reading.off()) return reading.fanRpm().orElse(0) > 0 ? Phase.STOPPING : Phase.OFF;
        if (faulty && !hashes(reading)) return Phase.FAULT;
        return reading.stable() && hashes(reading) ? Phase.WORKING : Phase.STARTING;
    }

    private static Optional<String> fault(Reading reading) {
        if (!reading.errors().isEmpty()) return Optional.of("the firmware reports error " + reading.errors());
        return !reading.off() && reading.fanRpm().equals(OptionalInt.of(0))
                ? Optional.of("a fan stands still")
                : Optional.empty();
    }

    @Override
    public synchronized void setLevel(int level) {
        capabilities.level(level);
        var reading = api.read();
        if (level == 0) {
            if (!reading.off()) api.powerOff();
            return;
        }
        var wanted = levels.get(level - 1);
        boolean otherLimit = reading.limitWatts() != wanted.limitWatts();
        if (otherLimit) api.powerLimit(wanted.limitWatts());
        // after the limit, so that it starts within it
        if (reading.off()) api.powerOn();
        if (otherLimit || reading.off() || !dimmed(wanted.limitWatts())) return;
        if (level(reading).equals(OptionalInt.of(level))) return;
        if (!reading.stable())
            throw new DeviceException(
                    Kind.REFUSED,
                    id + ": it starts, and goes for the whole " + wanted.limitWatts()
                            + " W until it is stable: only then it takes a share");
        api.powerPercent(wanted.percent());
    }

    @Override
    public void close() {} // each request has a connection of its own
}
