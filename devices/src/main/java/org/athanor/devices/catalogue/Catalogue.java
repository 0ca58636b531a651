package org.athanor.devices.catalogue;

import static org.athanor.devices.catalogue.Figure.assumed;
import static org.athanor.devices.catalogue.Figure.stated;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.athanor.devices.avalon.AvalonModel;

/** The devices that a plan may name. Prices are of their date and go out of date; whoever plans gives the price they are asked. */
public final class Catalogue {
    private static final Optional<Figure> UNKNOWN_NOISE = Optional.empty();
    private static final String EUR = "EUR";
    private static final LocalDate ASSUMED_ON = LocalDate.of(2025, 7, 25);
    private static final String NO_PRICE = "assumed: no dated price at hand";
    private static final String AVALON_FACTS = "published figures and recorded replies of the device's API";
    private static final String INTERPOLATED = "declared nominal data: interpolated, not measured";
    private static final Duration COMMUNITY_MINIMUM = Duration.ofMinutes(5);
    private static final String COMMUNITY =
            "no vendor states minimum times; 5 minutes on and off are the community's practice (Exergy's blueprint)";
    private static final Figure AIR_OUTLET = assumed(60, "assumed: blown air, chips below about 85 °C");
    private static final Figure NO_ELEMENT = stated(0, "none built in");
    private static final Optional<Figure> FULL_SIZE_FANS = Optional.of(
            stated(75, "full-size miners at stock fan speed: 70 to 85 dB in general accounts, middle taken"));

    private static final List<CatalogueDevice> ALL = List.of(
            heatbit(), nano3s(), mini3(), avalonQ(), bitaxeGamma(), s9(), s19jPro(), s21(), gpu3090(), gpu4090());

    private Catalogue() {}

    /** All devices, small ones first. */
    public static List<CatalogueDevice> all() {
        return ALL;
    }

    public static Optional<CatalogueDevice> find(String id) {
        return ALL.stream().filter(device -> device.id().equals(id)).findFirst();
    }

    private static CatalogueDevice heatbit() {
        var source =
                "Heatbit Mini and Trio as described by their maker and in panewslab's review: 10 TH/s, 400 W + 1000 W";
        return new CatalogueDevice(
                "heatbit",
                "Heatbit-class heater: 400 W miner, 1000 W element",
                List.of(new DeviceLevel("On", stated(400, source), stated(10, source), UNKNOWN_NOISE)),
                stated(1000, source),
                Duration.ofMinutes(5),
                true,
                COMMUNITY_MINIMUM,
                COMMUNITY_MINIMUM,
                "assumed, as for other small miners",
                stated(900, "900 USD for the Trio (boingboing on Wirecutter's review); one USD taken as one EUR"),
                EUR,
                LocalDate.of(2025, 2, 21),
                Medium.AIR,
                AIR_OUTLET,
                Optional.empty());
    }

    private static CatalogueDevice nano3s() {
        return avalon("avalon-nano-3s", AvalonModel.NANO_3S, List.of(UNKNOWN_NOISE, UNKNOWN_NOISE, UNKNOWN_NOISE), 300);
    }

    private static CatalogueDevice mini3() {
        var night = Optional.of(stated(45, "Night mode: below 45 dB; the bound taken"));
        return avalon("avalon-mini-3", AvalonModel.MINI_3, List.of(night, UNKNOWN_NOISE, UNKNOWN_NOISE), 900);
    }

    /** The levels are those by which the driver heats: one list for planning and driving. */
    private static CatalogueDevice avalon(
            String id, AvalonModel model, List<Optional<Figure>> decibels, double assumedPrice) {
        var heating = model.heatingLevels();
        var levels = new ArrayList<DeviceLevel>();
        for (int i = 0; i < heating.size(); i++) {
            boolean top = i == heating.size() - 1;
            double watts = heating.get(i).power().value();
            double terahashes = heating.get(i).hashrate().terahashes();
            levels.add(new DeviceLevel(
                    heating.get(i).name(),
                    top ? stated(watts, AVALON_FACTS) : assumed(watts, INTERPOLATED),
                    top ? stated(terahashes, AVALON_FACTS) : assumed(terahashes, INTERPOLATED),
                    decibels.get(i)));
        }
        var capabilities = model.capabilities();
        return new CatalogueDevice(
                id,
                model.title(),
                levels,
                NO_ELEMENT,
                capabilities.settle(),
                capabilities.changeRestartsHashing(),
                capabilities.minimumOn(),
                capabilities.minimumOff(),
                COMMUNITY,
                assumed(assumedPrice, NO_PRICE),
                EUR,
                ASSUMED_ON,
                Medium.AIR,
                AIR_OUTLET,
                Optional.empty());
    }

    private static CatalogueDevice avalonQ() {
        var source = "levels of the device: Eco 800 W/54 TH/s, Standard 1300/83, Super 1600/100";
        return new CatalogueDevice(
                "avalon-q",
                "Avalon Q",
                List.of(
                        new DeviceLevel("Eco", stated(800, source), stated(54, source), UNKNOWN_NOISE),
                        new DeviceLevel("Standard", stated(1300, source), stated(83, source), UNKNOWN_NOISE),
                        new DeviceLevel("Super", stated(1600, source), stated(100, source), UNKNOWN_NOISE)),
                NO_ELEMENT,
                Duration.ofMinutes(8),
                true,
                COMMUNITY_MINIMUM,
                COMMUNITY_MINIMUM,
                COMMUNITY + "; settle time assumed as of the Mini 3",
                assumed(1500, NO_PRICE),
                EUR,
                ASSUMED_ON,
                Medium.AIR,
                AIR_OUTLET,
                Optional.empty());
    }

    private static CatalogueDevice bitaxeGamma() {
        var source = "recorded reply of the device's API: 19 W, 1.07 TH/s";
        return new CatalogueDevice(
                "bitaxe-gamma",
                "Bitaxe Gamma",
                List.of(new DeviceLevel("Default (525 MHz)", stated(19, source), stated(1.07, source), UNKNOWN_NOISE)),
                NO_ELEMENT,
                Duration.ofMinutes(1),
                true,
                COMMUNITY_MINIMUM,
                COMMUNITY_MINIMUM,
                "settle time assumed; it pauses and resumes by its API",
                assumed(100, NO_PRICE),
                EUR,
                ASSUMED_ON,
                Medium.AIR,
                AIR_OUTLET,
                Optional.empty());
    }

    private static CatalogueDevice s9() {
        var low = "a home-built heater's report (caseyjscalf.com): 700 W, 8.5 TH/s, 69 dBA with quieter fans";
        var stock = "13.5 TH/s at 1400 W (d-central.tech, ASIC power requirements)";
        return new CatalogueDevice(
                "antminer-s9",
                "Antminer S9, used",
                List.of(
                        new DeviceLevel("Low", stated(700, low), stated(8.5, low), Optional.of(stated(69, low))),
                        new DeviceLevel("Stock", stated(1400, stock), stated(13.5, stock), FULL_SIZE_FANS)),
                NO_ELEMENT,
                Duration.ofMinutes(10),
                true,
                COMMUNITY_MINIMUM,
                COMMUNITY_MINIMUM,
                COMMUNITY + "; settle time assumed",
                stated(150, "parts of a home-built heater, 150 USD (caseyjscalf.com); one USD taken as one EUR"),
                EUR,
                LocalDate.of(2024, 7, 1),
                Medium.AIR,
                AIR_OUTLET,
                Optional.empty());
    }

    private static CatalogueDevice s19jPro() {
        var efficiency = "30.5 J/TH; 100 TH/s taken, the middle of its batches (96, 100 and 104 TH/s, miningstore.com)";
        return new CatalogueDevice(
                "antminer-s19j-pro",
                "Antminer S19j Pro, used",
                List.of(
                        new DeviceLevel(
                                "Half",
                                assumed(
                                        1400,
                                        "assumed: half of the power at 93 % of the energy per hash, as an S19k Pro does"),
                                assumed(49.4, "assumed likewise: 28.3 J/TH"),
                                UNKNOWN_NOISE),
                        new DeviceLevel("Stock", stated(3050, efficiency), stated(100, efficiency), FULL_SIZE_FANS)),
                NO_ELEMENT,
                Duration.ofMinutes(15),
                true,
                Duration.ofMinutes(30),
                Duration.ofMinutes(30),
                "assumed: a large miner is tuned anew after a change",
                assumed(400, NO_PRICE),
                EUR,
                ASSUMED_ON,
                Medium.AIR,
                AIR_OUTLET,
                Optional.empty());
    }

    private static CatalogueDevice s21() {
        var source = "200 TH/s at 17.5 J/TH by its maker (hackernoon's review of the S21)";
        return new CatalogueDevice(
                "antminer-s21",
                "Antminer S21",
                List.of(new DeviceLevel("Stock", stated(3500, source), stated(200, source), FULL_SIZE_FANS)),
                NO_ELEMENT,
                Duration.ofMinutes(15),
                true,
                Duration.ofMinutes(30),
                Duration.ofMinutes(30),
                "assumed: a large miner is tuned anew after a change",
                assumed(3000, NO_PRICE),
                EUR,
                ASSUMED_ON,
                Medium.AIR,
                AIR_OUTLET,
                Optional.empty());
    }

    private static CatalogueDevice gpu3090() {
        var price =
                "RTX 3090 from 0.18 USD/h interruptible on vast.ai (fairlane.systems, May 2026), one USD taken as one EUR, "
                        + "less a quarter assumed for the market place";
        return gpuPc("gpu-pc-3090", "PC with one RTX 3090", 350, stated(0.135, price), 1100);
    }

    private static CatalogueDevice gpu4090() {
        var price =
                "RTX 4090 from 0.31 USD/h interruptible on vast.ai (fairlane.systems, May 2026), one USD taken as one EUR, "
                        + "less a quarter assumed for the market place";
        return gpuPc("gpu-pc-4090", "PC with one RTX 4090", 450, stated(0.2325, price), 2500);
    }

    /** It mines no bitcoin; what other coins would pay is not known here and counts as nothing. */
    private static CatalogueDevice gpuPc(String id, String title, double cardWatts, Figure perHour, double price) {
        return new CatalogueDevice(
                id,
                title,
                List.of(new DeviceLevel(
                        "Rented",
                        assumed(
                                cardWatts + 100,
                                "assumed: the card at its limit of " + cardWatts + " W, 100 W for the rest"),
                        stated(0, "graphics cards cannot mine bitcoin"),
                        UNKNOWN_NOISE)),
                NO_ELEMENT,
                Duration.ofMinutes(1),
                false,
                Duration.ofHours(1),
                Duration.ofMinutes(15),
                "assumed: whoever stops within a rental loses it",
                assumed(price, NO_PRICE),
                EUR,
                ASSUMED_ON,
                Medium.AIR,
                AIR_OUTLET,
                Optional.of(new OtherWork(
                        "rented by the hour", perHour, EUR, assumed(0.4, "assumed: no measured occupancy at hand"))));
    }
}
