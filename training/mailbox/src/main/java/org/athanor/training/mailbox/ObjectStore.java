package org.athanor.training.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;

/**
 * Objects by the SHA-256 of their content, in a folder. Only whole objects whose content has the hash of their name are ever
 * seen, whatever dies when.
 */
public final class ObjectStore {
    private static final int HASH_LENGTH = 64;

    private final Path folder;
    private final Path parts;

    /** @param folder is made when it is not there */
    public ObjectStore(Path folder) throws IOException {
        this.folder = folder;
        parts = folder.resolve("parts");
        Files.createDirectories(parts);
    }

    /** SHA-256 in hexadecimal, as objects are named. */
    public static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** The same of a file, which may be larger than this program's memory. */
    public static String hash(Path file) throws IOException {
        var digest = sha256();
        try (var content = new DigestInputStream(Files.newInputStream(file), digest)) {
            content.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** @throws IllegalArgumentException when {@code hash} is no name of an object */
    private static String checked(String hash) {
        if (hash.length() != HASH_LENGTH
                || !hash.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("an object is named by a SHA-256 in hexadecimal, but not by " + hash);
        }
        return hash;
    }

    /** Where an object lies, if it does. */
    public Path file(String hash) {
        return folder.resolve(checked(hash).substring(0, 2)).resolve(hash);
    }

    public boolean has(String hash) {
        return Files.isRegularFile(file(hash));
    }

    /**
     * What was kept, held against its name: a disk may have changed it.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such object
     * @throws DamagedObjectException when it is not what was kept
     */
    public byte[] read(String hash) throws IOException {
        var bytes = Files.readAllBytes(file(hash));
        if (!hash(bytes).equals(hash)) {
            throw new DamagedObjectException(file(hash) + " is damaged: its content is not what was written");
        }
        return bytes;
    }

    /**
     * The same for what is handed on without being held in memory.
     *
     * @param from first byte
     * @return open, at that byte; the caller closes it
     */
    public InputStream open(String hash, long from) throws IOException {
        var file = file(hash);
        var input = Files.newInputStream(file);
        try {
            if (!hashOf(file).equals(hash)) {
                throw new DamagedObjectException(file + " is damaged: its content is not what was written");
            }
            input.skipNBytes(from);
            return input;
        } catch (IOException failed) {
            input.close();
            throw failed;
        }
    }

    /** Keeps an object and names it. */
    public String put(byte[] bytes) throws IOException {
        var hash = hash(bytes);
        if (!has(hash)) {
            var part = Files.createTempFile(parts, hash, ".part");
            try (var channel = FileChannel.open(part, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                out.write(bytes);
                channel.force(false);
            } catch (IOException full) {
                Files.deleteIfExists(part);
                throw full;
            }
            publish(part, hash);
        }
        return hash;
    }

    /** Bytes that have come of an object that is being uploaded; its size when it is whole. */
    public long received(String hash) throws IOException {
        if (has(hash)) {
            return Files.size(file(hash));
        }
        var part = part(hash);
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private Path part(String hash) {
        return parts.resolve(checked(hash));
    }

    /**
     * Takes bytes of an object that is uploaded in pieces. What has come already may come again: a sender does not always learn
     * how much did.
     *
     * @param from  where they belong: at most as many as have come
     * @param total bytes of the whole object
     * @return whether it is whole now
     * @throws DamagedObjectException when they would leave a gap, are too many, or the whole has another hash; of the latter two
     *     nothing is kept
     * @throws IOException when they break off, or the disk does not take them; what had come before is kept
     */
    public boolean append(String hash, long from, long total, InputStream bytes) throws IOException {
        if (has(hash)) {
            return true;
        }
        var piece = bytes.readNBytes(Math.clamp(total - from, 0, Integer.MAX_VALUE - 8));
        var tooLong = bytes.read() >= 0;
        synchronized (this) { // a sender that gave up on an answer may be here twice
            if (has(hash)) {
                return true;
            }
            var part = part(hash);
            write(part, from, piece);
            if (Files.size(part) < total && !tooLong) {
                return false;
            }
            if (tooLong || !hashOf(part).equals(hash)) {
                Files.delete(part);
                throw new DamagedObjectException("what came as " + hash + " has another hash");
            }
            publish(part, hash);
            return true;
        }
    }

    private static void write(Path part, long from, byte[] piece) throws IOException {
        var there = Files.exists(part) ? Files.size(part) : 0;
        if (from < 0 || from > there) { // before there is a file: of nothing but those a disk can be full
            throw new DamagedObjectException(
                    "the next byte of " + part.getFileName() + " is number " + there + ", but " + from + " came");
        }
        try (var channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(from).position(from);
            try {
                for (var left = ByteBuffer.wrap(piece); left.hasRemaining(); ) {
                    channel.write(left);
                }
                channel.force(false);
            } catch (IOException full) {
                channel.truncate(from);
                throw full;
            }
        }
    }

    private static String hashOf(Path file) throws IOException {
        try (var input = new DigestInputStream(Files.newInputStream(file), sha256())) {
            input.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(input.getMessageDigest().digest());
        }
    }

    private void publish(Path part, String hash) throws IOException {
        var file = file(hash);
        Files.createDirectories(file.getParent());
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Forgets what was left over: pieces of uploads that never ended, and objects that nobody needs any more.
     *
     * @param kept of the objects
     * @param old  nothing that changed later is touched
     */
    public void sweep(Set<String> kept, Instant old) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var whole = !file.getParent().equals(parts);
                var needed = whole && kept.contains(file.getFileName().toString());
                if (!needed && Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (UncheckedIOException | NoSuchFileException _) {
            // a file was published or deleted meanwhile: the next sweep finds the rest
        }
    }

    /** Forgets an object that nobody needs any more, and what has come of one. */
    public void delete(String hash) throws IOException {
        Files.deleteIfExists(file(hash));
        Files.deleteIfExists(part(hash));
    }
}
