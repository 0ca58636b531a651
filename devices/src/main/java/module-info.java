/** Drivers of compute heaters, plugs and sensors, and simulated devices that speak the same protocols. */
module org.athanor.devices {
    requires transitive org.athanor.units;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;
    requires jdk.httpserver;
    requires org.apache.commons.codec;
    requires org.eclipse.paho.client.mqttv3;

    exports org.athanor.devices;
    exports org.athanor.devices.antminer;
    exports org.athanor.devices.avalon;
    exports org.athanor.devices.axeos;
    exports org.athanor.devices.braiins;
    exports org.athanor.devices.catalogue;
    exports org.athanor.devices.cgminer;
    exports org.athanor.devices.cpu;
    exports org.athanor.devices.discovery;
    exports org.athanor.devices.drivers;
    exports org.athanor.devices.luxos;
    exports org.athanor.devices.mqtt;
    exports org.athanor.devices.files;
    exports org.athanor.devices.gpu;
    exports org.athanor.devices.homeassistant;
    exports org.athanor.devices.opentherm;
    exports org.athanor.devices.shelly;
    exports org.athanor.devices.simulated;
    exports org.athanor.devices.tasmota;
    exports org.athanor.devices.vnish;
    exports org.athanor.devices.whatsminer;
}
