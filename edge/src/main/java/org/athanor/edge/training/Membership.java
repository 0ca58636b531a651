package org.athanor.edge.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.athanor.training.data.DataKey;
import org.athanor.training.job.JobSpec;

/**
 * That this machine is a member of a job, kept so that it need not join again.
 *
 * @param worker its name in the job
 * @param key    that it shows
 * @param job    what is to be done
 * @param signingKey private key of its receipts; null of a membership that is older than they are
 * @param dataKey with which the job's data is encrypted; null when it is not
 */
record Membership(String worker, String key, JobSpec job, String signingKey, DataKey dataKey) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    static final String FILE = "membership.json";

    static Optional<Membership> in(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(Files.readAllBytes(file), Membership.class));
        } catch (JacksonException damaged) {
            throw new IOException(
                    file + " is damaged: delete it and join with a new token (" + damaged.getOriginalMessage() + ")",
                    damaged);
        }
    }

    void keep(Path folder) throws IOException {
        keep(
                folder,
                FILE,
                MAPPER.writeValueAsBytes(this)); // its token is used up: a power cut must not leave half of it
    }

    /** Writes what only this program may read: whole or not at all, also after a power cut. */
    static void keep(Path folder, String name, byte[] bytes) throws IOException {
        var fresh = folder.resolve(name + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            for (var left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var names = FileChannel.open(folder)) {
            names.force(true);
        }
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "Membership[worker=" + worker + ", job=" + job.name() + "]";
    }
}
