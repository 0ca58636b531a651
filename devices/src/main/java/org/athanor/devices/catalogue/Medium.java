package org.athanor.devices.catalogue;

/** What carries the heat away from the chips. */
public enum Medium {
    AIR,
    LIQUID
}
