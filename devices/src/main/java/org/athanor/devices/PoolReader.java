package org.athanor.devices;

import java.util.Optional;

/** A device that can say for which pool and user it works: an alarm is due when these are not its owner's. */
public interface PoolReader {
    /**
     * As the device says it, without any password. Empty when it works for no pool.
     *
     * @throws DeviceException if the device does not answer plausibly
     */
    Optional<PoolSetting> pool();
}
