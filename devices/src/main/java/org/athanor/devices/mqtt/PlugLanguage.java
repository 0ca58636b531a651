package org.athanor.devices.mqtt;

import java.time.Duration;
import org.athanor.devices.PlugState;
import org.athanor.devices.mqtt.Conversation.Deadline;

/** How a firmware is spoken to. Failures are {@link org.athanor.devices.DeviceException}s. */
interface PlugLanguage extends AutoCloseable {
    PlugState read(Deadline deadline);

    void on(Duration countdown, Deadline deadline);

    void off(Deadline deadline);

    boolean countsDown();

    @Override
    void close();
}
