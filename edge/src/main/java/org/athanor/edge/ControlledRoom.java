package org.athanor.edge;

/**
 * A room that is heated, as pages and Home Assistant are given it.
 *
 * @param id of lower-case letters, digits and hyphens: it stands in addresses and topics
 * @param name for people
 */
public record ControlledRoom(String id, String name, PageSource control) {
    public ControlledRoom {
        if (!id.matches("[a-z0-9][a-z0-9-]{0,62}"))
            throw new IllegalArgumentException(
                    "room id " + id + ": lower-case letters, digits and hyphens are accepted, at most 63");
        if (name.isBlank()) throw new IllegalArgumentException("room " + id + ": a name is needed");
    }
}
