package org.athanor.conformance.broken.ledger;

import java.io.IOException;
import java.io.RandomAccessFile;

final class ReadsAnOldFile {
    private ReadsAnOldFile() {}

    static long offend(RandomAccessFile file) throws IOException {
        return file.length();
    }
}
