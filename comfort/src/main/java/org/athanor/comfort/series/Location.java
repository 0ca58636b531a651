package org.athanor.comfort.series;

/** Where a weather series was measured. Longitude is positive to the east. */
public record Location(String name, double latitude, double longitude, double utcOffsetHours) {}
