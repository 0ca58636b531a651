package org.athanor.devices;

import java.io.Serial;

/** A device failed its driver. The message names the operation, the device, its address and what came back. */
public class DeviceException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** What the failure proves about the device. */
    public enum Kind {
        /** No answer within the time-out: its state is unknown. */
        UNREACHABLE,
        /** It answered that it will not, so it is as it was. */
        REFUSED,
        /** It answered something that cannot be understood or believed: its state is unknown. */
        GARBLED
    }

    private final Kind kind;

    public DeviceException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public DeviceException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
