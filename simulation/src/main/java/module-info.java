/** The world outside: homes with richer physics than the controller's model, weather, virtual time. */
module org.athanor.simulation {
    requires transitive org.athanor.units;
    requires transitive org.athanor.comfort;
    requires transitive org.athanor.devices;

    exports org.athanor.simulation;
}
