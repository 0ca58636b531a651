package org.athanor.stratum;

/**
 * Takes every verdict on a share. Called from many connections at once, in order for each of them.
 *
 * <p>The server calls it before it writes the reply; if it throws, the share is answered with error 20 and is not
 * counted.
 */
@FunctionalInterface
public interface ShareSink {
    void share(ShareEvent event);
}
