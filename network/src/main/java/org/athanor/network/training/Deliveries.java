package org.athanor.network.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Updates that came into the open round. Its coordinator guards it. */
final class Deliveries {
    private static final System.Logger LOGGER = System.getLogger(Deliveries.class.getName());

    private final JobFolder folder;
    private final Map<String, Delivery> byName = new TreeMap<>();

    /** Those that came before a coordinator ended. */
    Deliveries(JobFolder folder, long round) throws IOException {
        this.folder = folder;
        for (var delivery : folder.deliveries(round)) {
            byName.put(delivery.name(), delivery);
        }
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Null when there is none of that name. */
    Delivery get(String name) {
        return byName.get(name);
    }

    /** In the order of their names. */
    Collection<Delivery> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** It is on the disk when this returns. */
    void add(Delivery delivery) throws IOException {
        folder.append(delivery);
        byName.put(delivery.name(), delivery);
    }

    /** The round is over. */
    void forget() throws IOException {
        byName.clear();
        folder.forgetDeliveries();
    }

    /** Those of workers that may work. */
    Stream<Delivery> of(Predicate<String> may) {
        return byName.values().stream().filter(delivery -> may.test(delivery.worker()));
    }

    /** Whose updates may end the round. A late one alone ends none: its worker would be late for ever. */
    Set<String> onTime(Predicate<String> may) {
        return of(may).filter(delivery -> delivery.round() == delivery.open())
                .map(Delivery::worker)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What a replay needs and has not come. */
    List<String> stillOwed(Delivery delivery) {
        return delivery.owed().stream()
                .filter(hash -> !folder.objects().has(hash))
                .toList();
    }

    /** Who still owes something. */
    Stream<String> owing(Predicate<String> may) {
        return of(may).filter(delivery -> !stillOwed(delivery).isEmpty()).map(Delivery::worker);
    }

    /** Bytes that have come of what replays need. */
    long owedThatCame(Predicate<String> may) {
        var come = 0L;
        try {
            for (var hash :
                    of(may).flatMap(delivery -> delivery.owed().stream()).toList()) {
                come += folder.objects().received(hash);
            }
        } catch (IOException away) {
            LOGGER.log(Level.DEBUG, "what has come is not known: {0}", away.getMessage());
        }
        return come;
    }

    /** Null of an update that the disk gives back as it came. */
    String damaged(Delivery delivery) {
        try {
            folder.objects().read(delivery.update().hash());
            return null;
        } catch (IOException lost) {
            LOGGER.log(Level.WARNING, "an update of {0} is lost: {1}", delivery.worker(), lost.getMessage());
            return "the coordinator's disk has lost its update";
        }
    }
}
