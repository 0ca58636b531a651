package org.athanor.cli.heater;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.athanor.cli.heater.HomeSetup.Computer;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.Sink;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.Schedule;
import org.athanor.devices.Capabilities;
import org.athanor.edge.HeaterPart;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** What a file allows and its home will not do all the same, and what to change: fuses and maxima go before wishes. */
final class SinkAdvice {
    private SinkAdvice() {}

    /**
     * Sentences; none where everything can be done. This computer's cores are left out: what they draw is known when they run.
     *
     * @param nameplate what is known of a heater; empty of a GPU that is not there
     */
    static List<String> of(HomeSetup setup, Sink sink, Function<HeaterEntry, Optional<Capabilities>> nameplate) {
        var advice = new ArrayList<String>();
        var heaters = new ArrayList<HeaterSpec>();
        for (var entry : setup.heaters()) {
            if (!entry.sink().equals(sink.id())) continue;
            if (entry.source() instanceof Computer) continue;
            var spec = spec(entry, nameplate);
            spec.ifPresent(heaters::add);
            spec.flatMap(each -> tooLarge(setup, sink, entry, each)).ifPresent(advice::add);
        }
        tooHot(sink, heaters).ifPresent(advice::add);
        return List.copyOf(advice);
    }

    private static Optional<HeaterSpec> spec(
            HeaterEntry entry, Function<HeaterEntry, Optional<Capabilities>> nameplate) {
        return nameplate
                .apply(entry)
                .map(each -> HeaterPart.spec(entry.id(), each, entry.plug().isPresent(), entry.preference()));
    }

    /**
     * Why no setpoint at all is possible: its heaters are too strong for so small a sink.
     *
     * @param nameplate as for {@link #of}
     */
    static Optional<String> noSetpoint(
            Sink sink, List<HeaterEntry> entries, Function<HeaterEntry, Optional<Capabilities>> nameplate) {
        var heaters = entries.stream()
                .filter(entry -> entry.sink().equals(sink.id()))
                .flatMap(entry -> spec(entry, nameplate).stream())
                .toList();
        var limits = HomeSetup.limits(sink);
        double missing =
                limits.frostMinimum().value() - limits.highestSetpoint(heaters).value();
        if (missing <= 0) return Optional.empty();
        double needed = Math.ceil(limits.roomMaximum().value() + missing);
        boolean tank = sink instanceof Tank;
        return Optional.of("with " + number(limits.roomMaximum().value())
                + " °C at most no setpoint is possible: its heaters could add "
                + number(Math.ceil(limits.margin(heaters).value() * 10) / 10)
                + " K before their power is certainly gone; "
                + (needed <= (tank ? SinkEntries.HIGHEST_TANK : SinkEntries.HIGHEST_ROOM)
                        ? number(needed) + " °C or more is accepted with them, else "
                        : "")
                + "heaters of less power or more " + (tank ? "litres" : "floorArea"));
    }

    private static Optional<String> tooLarge(HomeSetup setup, Sink sink, HeaterEntry entry, HeaterSpec spec) {
        var own = HomeSetup.limits(sink).circuitLimit();
        var carries = entry.circuit().map(setup.circuits()::get).orElse(own);
        if (spec.maximumPower().compareTo(carries) <= 0) return Optional.empty();
        var draws = plain(spec.maximumPower());
        var why = entry.source() instanceof Element element
                ? " (" + plain(element.watts()) + " W when the mains are 10 % high)"
                : "";
        return Optional.of(entry.name() + " draws up to " + draws + " W" + why
                + entry.circuit()
                        .map(name -> ", more than the " + plain(carries) + " W of its circuit " + name
                                + ", so it will never heat: say watts: " + draws + " or more there")
                        .orElse(", more than the " + plain(carries) + " W of " + sink.id()
                                + "'s circuitWatts, so it will never heat: say circuitWatts: " + draws + " or more")
                + " if the fuse carries that, or take a smaller one");
    }

    /** Of setpoint and disinfection, the one that asks for more. */
    private static Optional<String> tooHot(Sink sink, List<HeaterSpec> heaters) {
        var limits = HomeSetup.limits(sink);
        var highest = limits.highestSetpoint(heaters).value();
        var setpoint = sink.schedule().settings().stream()
                .map(Schedule.Setting::setpoint)
                .max(Celsius::compareTo)
                .orElseThrow()
                .value();
        var needed = Math.max(setpoint, disinfected(sink));
        if (needed <= highest) return Optional.empty();
        var missing = Math.ceil(needed - highest);
        var most = limits.roomMaximum().value();
        var what = needed > setpoint
                ? sink.name() + " cannot be disinfected, which takes " + number(needed) + " °C"
                : sink.name() + " will be no warmer than " + number(Math.floor(highest * 10) / 10) + " instead of "
                        + number(setpoint) + " °C";
        return Optional.of(what + ": its maximum is " + number(most) + " °C, and its heaters could add "
                + number(Math.ceil(limits.margin(heaters).value() * 10) / 10)
                + " K before their power is certainly gone. What helps: maximum: " + number(most + missing)
                + (sink instanceof Tank ? " where the tank bears that, more litres," : ",")
                + " or heaters of less power");
    }

    private static double disinfected(Sink sink) {
        return sink instanceof Tank tank
                ? tank.spec()
                        .disinfection()
                        .map(each -> each.celsius().value() + 1)
                        .orElse(0.0)
                : 0;
    }

    private static String plain(Watts watts) {
        return number(watts.value());
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
    }
}
