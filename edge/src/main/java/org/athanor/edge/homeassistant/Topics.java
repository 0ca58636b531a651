package org.athanor.edge.homeassistant;

import java.util.ArrayList;
import java.util.List;

/** The names under which a home appears at the broker. */
record Topics(String discoveryPrefix, String home, String homeId) {
    static Topics of(HomeAssistantConfig config) {
        return new Topics(config.discoveryPrefix(), config.baseTopic() + "/" + config.homeId(), config.homeId());
    }

    /** Holds {@code online} or {@code offline}. */
    String online() {
        return home + "/online";
    }

    /** On which Home Assistant says {@code online} when it is born. */
    String birth() {
        return discoveryPrefix + "/status";
    }

    String ofHome(String what) {
        return home + "/" + what;
    }

    String ofRoom(String room, String what) {
        return home + "/room/" + room + "/" + what;
    }

    String ofHeater(String room, String heater, String what) {
        return home + "/room/" + room + "/heater/" + heater + "/" + what;
    }

    String device() {
        return "athanor_" + homeId;
    }

    String device(String room) {
        return device() + "_" + room;
    }

    String device(String room, String heater) {
        return device(room) + "_" + heater;
    }

    String discovery(String device) {
        return discoveryPrefix + "/device/" + device + "/config";
    }

    /** Topics allow less than ids do; what would look alike then is counted. */
    static List<String> names(List<String> ids) {
        var names = new ArrayList<String>();
        for (var id : ids) {
            var plain = id.replaceAll("[^a-zA-Z0-9_-]", "_");
            var name = plain;
            for (int i = 2; names.contains(name); i++) name = plain + "_" + i;
            names.add(name);
        }
        return List.copyOf(names);
    }
}
