package org.athanor.cli.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/** Heatings that a home may have beside the compute heater. */
enum HeatingKind {
    RESISTIVE("resistive", "resistive heater"),
    GAS("gas", "gas boiler"),
    OIL("oil", "oil boiler"),
    HEAT_PUMP("heat-pump", "heat pump"),
    DISTRICT("district", "district heat");

    final String key;
    final String title;

    HeatingKind(String key, String title) {
        this.key = key;
        this.title = title;
    }

    static Map<String, HeatingKind> byKey() {
        var kinds = new LinkedHashMap<String, HeatingKind>();
        for (var kind : values()) kinds.put(kind.key, kind);
        return kinds;
    }
}
