package org.athanor.comfort.series;

/** The columns that are used, with EnergyPlus' codes for missing values (Auxiliary Programs, EPW data dictionary). */
enum WeatherColumn {
    OUTDOOR("dry bulb temperature", 7, 2, 99.9, -90, 70),
    WIND("wind speed", 22, 17, 999, 0, 100),
    GLOBAL("global horizontal radiation", 14, 9, 9999, 0, 2000),
    DIRECT("direct normal radiation", 15, 10, 9999, 0, 2000),
    DIFFUSE("diffuse horizontal radiation", 16, 11, 9999, 0, 2000);

    final String title;
    /** Both counted from 1, as the formats' documents do. */
    final int epwField;

    final int mosColumn;
    private final double missing;
    private final double lowest;
    private final double highest;

    WeatherColumn(String title, int epwField, int mosColumn, double missing, double lowest, double highest) {
        this.title = title;
        this.epwField = epwField;
        this.mosColumn = mosColumn;
        this.missing = missing;
        this.lowest = lowest;
        this.highest = highest;
    }

    double read(TextRow row, int field) {
        double value = row.number(field, title);
        if (Math.abs(value - missing) < 1e-6)
            throw row.wrong(field, title, row.text(field) + " is the code of a missing value");
        if (value < lowest || value > highest)
            throw row.wrong(field, title, value + " is outside " + lowest + " to " + highest);
        return value;
    }
}
