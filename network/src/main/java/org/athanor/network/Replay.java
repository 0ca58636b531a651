package org.athanor.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a share log says when everything in it is computed again.
 *
 * @param records lines read
 * @param intervals settled
 * @param unsettled shares after the last settled interval
 * @param users as they follow from the log alone
 * @param differenceCount how often the log's own figures differ from what its shares, weights and rate give
 * @param differences the first of them, each with its line
 * @param torn what was wrong with an unfinished last line, which is left out; empty when the log ends well
 */
public record Replay(
        Path file,
        long records,
        long intervals,
        long unsettled,
        List<UserStatus> users,
        UserStatus total,
        long differenceCount,
        List<String> differences,
        Optional<String> torn) {
    public boolean agrees() {
        return differenceCount == 0;
    }
}
