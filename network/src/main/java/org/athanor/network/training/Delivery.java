package org.athanor.network.training;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.athanor.training.mailbox.Messages;

/**
 * An update that a worker was told would count, if nothing is found against it.
 *
 * @param open      round that was open then
 * @param round     that the worker did
 * @param publicKey its worker's; null when it is not known
 * @param replayed  whether the round is done again
 */
record Delivery(long open, long round, String worker, String publicKey, Messages.Update update, boolean replayed) {
    /** Who is late may still do the open round too. */
    String name() {
        return open == round ? worker : worker + "@" + round;
    }

    /** Objects that the replay needs. */
    List<String> owed() {
        return replayed && update.residual() != null
                ? Stream.of(update.residual().before(), update.residual().after())
                        .filter(Objects::nonNull)
                        .toList()
                : List.of();
    }
}
