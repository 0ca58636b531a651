package org.athanor.training.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A program that tries what a stranger's module might, and says what it could do: run inside a sandbox and outside. */
final class Prober {
    private Prober() {}

    /** Something that is tried; an error is a refusal. */
    private interface Attempt {
        void run() throws IOException;
    }

    /**
     * @param port      on which somebody listens, on all addresses of this machine
     * @param readables files and folders
     * @param writables folders
     * @return what worked
     */
    static List<String> look(int port, List<Path> readables, List<Path> writables) {
        var worked = new ArrayList<String>();
        attempt(worked, "dial loopback", () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
        attempt(worked, "see an interface", () -> {
            if (NetworkInterface.networkInterfaces().allMatch(Prober::isLoopback)) {
                throw new IOException("there is none");
            }
        });
        attempt(worked, "see other programs", () -> {
            if (ProcessHandle.allProcesses().count() <= 3) {
                throw new IOException("there are none");
            }
        });
        for (var readable : readables) {
            attempt(worked, "read " + readable, () -> {
                if (Files.isDirectory(readable)) {
                    try (var files = Files.list(readable)) {
                        if (files.findAny().isEmpty()) {
                            throw new IOException("empty");
                        }
                    }
                } else {
                    Files.readAllBytes(readable);
                }
            });
        }
        for (var writable : writables) {
            var file = writable.resolve("probe-of-the-sandbox");
            attempt(worked, "write to " + writable, () -> Files.write(file, new byte[1]));
            attempt(worked, "fill " + writable, () -> {
                for (var piece = 0; piece < 100; piece++) {
                    Files.write(file, new byte[1 << 20], StandardOpenOption.APPEND);
                }
            });
            attempt(new ArrayList<>(), "", () -> Files.deleteIfExists(file));
        }
        return worked;
    }

    private static boolean isLoopback(NetworkInterface of) {
        try {
            return of.isLoopback();
        } catch (IOException _) {
            return false;
        }
    }

    private static void attempt(List<String> worked, String name, Attempt attempt) {
        try {
            attempt.run();
            worked.add(name);
        } catch (IOException _) {
            // refused
        }
    }

    /** PORT READABLES WRITABLES, lists with colons between. */
    public static void main(String[] words) {
        look(Integer.parseInt(words[0]), paths(words[1]), paths(words[2])).forEach(System.out::println);
        System.out.println("end");
    }

    private static List<Path> paths(String words) {
        return List.of(words.split(":", -1)).stream().map(Path::of).toList();
    }
}
