package org.athanor.comfort.learning;

/** What became of an observation. */
public enum Verdict {
    /** It sets the clock: the first one, one after a long silence, or one that is older than the last. */
    STARTED,
    /** Kept until enough time has passed for a step. */
    GATHERED,
    LEARNED,
    /** No usable reading: the room was carried on by its model. */
    CARRIED_ON,
    /** Far from what was expected; believed a little. */
    DOUBTED,
    /** A window seems to be open: the temperature is followed, nothing is learned. */
    WINDOW_OPEN,
    /** The room is no longer what was learned: it is learned anew, faster. */
    DRIFTED
}
