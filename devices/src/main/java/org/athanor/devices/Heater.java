package org.athanor.devices;

/** A heat source with a few power levels, reached over its own protocol. */
public interface Heater extends AutoCloseable {
    String id();

    Capabilities capabilities();

    /** @throws DeviceException if the device does not answer, or not with a plausible state */
    HeaterState read();

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
