package org.athanor.network.training;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Adobe's S3Mock as a process of its own, on ports that the system chooses, with a bucket {@code jobs}. */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "jobs";
    static final String SECRET = "not-for-workers";
    static final AwsCredentialsProvider KEYS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("owner", SECRET));

    private static final Pattern STARTED =
            Pattern.compile("Tomcat started on ports (\\d+) \\(https\\), (\\d+) \\(http\\)");

    private final Process process;
    private final int https;
    private final int http;

    private S3Server(Process process, int https, int http) {
        this.process = process;
        this.https = https;
        this.http = http;
    }

    static S3Server start(Path folder) throws IOException {
        var jars = root().resolve("network/s3/target/lib");
        if (!Files.isDirectory(jars)) {
            throw new IOException("the build of network/s3 fetches the server for this test into " + jars);
        }
        var process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        jars + "/*",
                        "com.adobe.testing.s3mock.S3MockApplication",
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--com.adobe.testing.s3mock.httpPort=0",
                        "--com.adobe.testing.s3mock.domain.initialBuckets=" + BUCKET))
                .redirectErrorStream(true)
                .start();
        var said = new StringBuilder();
        var lines = process.inputReader();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            var started = STARTED.matcher(line);
            if (started.find()) {
                Thread.ofVirtual().start(() -> lines.lines().forEach(more -> {}));
                return new S3Server(process, Integer.parseInt(started.group(1)), Integer.parseInt(started.group(2)));
            }
        }
        throw new IOException("no S3 server: " + said);
    }

    private static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    S3Settings settings(String prefix) {
        return new S3Settings(BUCKET, URI.create("http://127.0.0.1:" + http), "us-east-1", prefix, false);
    }

    /** By TLS, with a certificate that nobody vouches for. */
    S3Settings untrusted() {
        return new S3Settings(BUCKET, URI.create("https://127.0.0.1:" + https), "us-east-1", "", false);
    }

    S3Store open(String prefix, String job) throws IOException {
        return S3Store.open(settings(prefix), job, KEYS);
    }

    /** Ends it, so that nobody answers any more. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
