package org.athanor.devices;

/** A heat source with a few power levels, reached over its own protocol. */
public interface Heater extends AutoCloseable {
    String id();

    Capabilities capabilities();

    /** @throws DeviceException if the device does not answer, or not with a plausible state */
    HeaterState read();

    /** Whether its power runs out by itself when nobody reads or commands it any more, as far as that is known now. */
    default RunsOut runsOut() {
        return capabilities().survivesController() ? RunsOut.NO : RunsOut.YES;
    }

    /** An answer to whether power runs out by itself. */
    enum RunsOut {
        YES,
        NO,
        /** Its own timer has not been seen to work yet: its first run will show it. */
        ON_TRIAL
    }

    /**
     * Asks for a level. A return proves only that the request was taken, never that it was obeyed: {@link #read} back.
     *
     * @param level index into {@link Capabilities#levels()}, 0 = off
     * @throws DeviceException if the device does not answer, or refuses
     * @throws IllegalArgumentException if there is no such level
     */
    void setLevel(int level);

    @Override
    void close();
}
