package org.athanor.devices.cgminer;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.cgminer.CgminerReply.Section;

/** Which pool a device of this family works for: what {@code pools} says. */
public final class CgminerPools {
    private static final String COMMAND = "pools";
    private static final int POOLS = 7;
    private static final int NO_POOLS = 8;

    private CgminerPools() {}

    /**
     * The pool that is being worked for; while none is, the one that would be first.
     *
     * @throws DeviceException if the device does not answer, or names a pool without its URL or user
     */
    public static Optional<PoolSetting> read(CgminerClient client) {
        var reply = client.request(COMMAND, "");
        if (reply.code() == NO_POOLS) return Optional.empty();
        return first(client, client.accepted(COMMAND, "", reply, POOLS));
    }

    private static Optional<PoolSetting> first(CgminerClient client, CgminerReply reply) {
        List<Map<String, String>> pools = reply.sections().stream()
                .filter(section -> section.fields().containsKey("POOL"))
                .map(Section::fields)
                .toList();
        return pools.stream()
                .min(Comparator.comparing((Map<String, String> pool) -> !active(pool))
                        .thenComparing(pool -> !"Alive".equals(pool.get("Status")))
                        .thenComparingInt(CgminerPools::priority))
                .map(pool -> new PoolSetting(field(client, pool, "URL"), field(client, pool, "User")));
    }

    private static boolean active(Map<String, String> pool) {
        return "true".equals(pool.get("Stratum Active"));
    }

    private static int priority(Map<String, String> pool) {
        var priority = pool.getOrDefault("Priority", "");
        return priority.matches("\\d{1,4}") ? Integer.parseInt(priority) : Integer.MAX_VALUE;
    }

    private static String field(CgminerClient client, Map<String, String> pool, String name) {
        var value = pool.get(name);
        if (value == null) throw client.failure(Kind.GARBLED, COMMAND, "", "a pool without " + name, null);
        return value;
    }
}
