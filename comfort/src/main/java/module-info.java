/** Room models, weather and price readers, thermostat, dispatch and safety governor: pure, no clock, no I/O. */
module org.athanor.comfort {
    requires transitive org.athanor.units;

    exports org.athanor.comfort.learning;
    exports org.athanor.comfort.model;
    exports org.athanor.comfort.money;
    exports org.athanor.comfort.planning;
    exports org.athanor.comfort.series;
    exports org.athanor.comfort;
}
