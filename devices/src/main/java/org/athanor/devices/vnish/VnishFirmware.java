package org.athanor.devices.vnish;

import java.util.Arrays;
import java.util.regex.Pattern;

/** What versions of the firmware differ in, as data: of 1.2.7 and 1.3.4 its makers describe the API. */
enum VnishFirmware {
    PRESETS_ONLY(0, 0, 0, false),
    /** The first with a throttle that is known of is 1.3.3. */
    THROTTLES(1, 3, 3, true);

    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?.*");

    private final int since;
    private final boolean throttles;

    VnishFirmware(int major, int minor, int patch, boolean throttles) {
        this.since = number(major, minor, patch);
        this.throttles = throttles;
    }

    private static int number(int major, int minor, int patch) {
        return (major * 1000 + minor) * 1000 + patch;
    }

    boolean throttles() {
        return throttles;
    }

    /** @throws IllegalArgumentException for what is no version, such as 1.3.4 */
    static VnishFirmware of(String version) {
        var parts = VERSION.matcher(version);
        if (!parts.matches()) throw new IllegalArgumentException("\"" + version + "\" is no version such as 1.3.4");
        int patch = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
        int found = number(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), patch);
        return Arrays.stream(values())
                .filter(firmware -> firmware.since <= found)
                .reduce((_, later) -> later)
                .orElseThrow();
    }
}
