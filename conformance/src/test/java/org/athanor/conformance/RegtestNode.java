package org.athanor.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.athanor.stratum.NodeCredentials;
import org.athanor.stratum.NodeException;

/**
 * A real Bitcoin node in regtest, in a process and a folder of its own. The key of all its coins is the number 1, that of
 * BIP 173's examples.
 */
final class RegtestNode implements AutoCloseable {
    static final String CORE_VARIABLE = "ATHANOR_BITCOIND";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Segwit is active in Bitcoin Core's regtest from the start, in bcoin's after three periods of 144 blocks. */
    private static final int FIRST_BLOCKS = 440;

    /** What nodes differ in. */
    enum Kind {
        BCOIN("rb1qw508d6qejxtdg4y5r3zarvary0c5xw7k38f4sn", "EKBkTXRxkqTNhaC8mpXNefWqQ75i8fQRem4jMtBXC4q4MHyxwUEq"),
        BITCOIN_CORE(
                "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA");

        final String address;
        final String key;

        Kind(String address, String key) {
            this.address = address;
            this.key = key;
        }

        /** Why it cannot be started here; empty when it can. */
        Optional<String> missing() {
            return switch (this) {
                case BCOIN ->
                    Files.exists(bcoin())
                            ? Optional.empty()
                            : Optional.of(
                                    "no Bitcoin node: conformance/src/test/node/install puts one into " + bcoin());
                case BITCOIN_CORE ->
                    System.getenv(CORE_VARIABLE) == null
                            ? Optional.of(CORE_VARIABLE + " names no bitcoind")
                            : Optional.empty();
            };
        }
    }

    record Coin(String txid, int vout, String script, String bitcoins) {}

    final Kind kind;
    private final Path folder;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Process process;

    private RegtestNode(Kind kind, Path folder, int port) {
        this.kind = kind;
        this.folder = folder;
        this.port = port;
    }

    /** Those that can be tested here: bcoin, which is skipped where it is not installed, and Core where it is named. */
    static List<Kind> kinds() {
        return Kind.BITCOIN_CORE.missing().isEmpty() ? List.of(Kind.BCOIN, Kind.BITCOIN_CORE) : List.of(Kind.BCOIN);
    }

    private static Path bcoin() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) folder = folder.getParent();
        return folder.resolve("conformance/target/bcoin/node_modules/bcoin/bin/node");
    }

    /** Starts an empty one. */
    static RegtestNode start(Kind kind, Path folder) throws IOException {
        var node = new RegtestNode(kind, folder, freePort());
        node.start();
        return node;
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    void start() throws IOException {
        var command = new ArrayList<String>();
        switch (kind) {
            case BCOIN ->
                command.addAll(List.of(
                        "node",
                        bcoin().toString(),
                        "--network=regtest",
                        "--prefix=" + folder,
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--api-key=secret",
                        "--listen=false",
                        "--no-wallet=true",
                        "--log-console=false",
                        "--log-level=info"));
            case BITCOIN_CORE ->
                command.addAll(List.of(
                        System.getenv(CORE_VARIABLE),
                        "-regtest",
                        "-datadir=" + folder,
                        "-rpcport=" + port,
                        "-rpcbind=127.0.0.1",
                        "-rpcallowip=127.0.0.1",
                        "-server",
                        "-listen=0",
                        "-printtoconsole=0"));
        }
        var output = folder.resolve("output.txt").toFile();
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
        try {
            awaitAnswer(command.getFirst(), output);
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    private void awaitAnswer(String program, File output) {
        await("the node's first answer", () -> {
            if (!process.isAlive())
                throw new AssertionError(program + " ended with " + process.exitValue() + ", see " + output);
            try {
                return call("getblockcount").isInt();
            } catch (IOException | UncheckedIOException | AssertionError e) {
                return false; // not yet there
            }
        });
    }

    /** Orderly: what it knows is on the disk. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) throw new AssertionError("the node does not end");
    }

    boolean isRunning() {
        return process.isAlive();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /** bcoin has a fixed password, Core's is another one after each start. */
    NodeCredentials credentials() {
        return new NodeCredentials() {
            @Override
            public String userAndPassword() {
                try {
                    return RegtestNode.this.userAndPassword();
                } catch (UncheckedIOException e) {
                    throw NodeException.noCredentials("no cookie yet", e);
                }
            }

            @Override
            public boolean mayChange() {
                return kind == Kind.BITCOIN_CORE;
            }
        };
    }

    String userAndPassword() {
        return switch (kind) {
            case BCOIN -> "x:secret";
            case BITCOIN_CORE -> {
                try {
                    yield Files.readString(folder.resolve("regtest/.cookie")).strip();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** @throws AssertionError if the node answers with an error */
    JsonNode rpc(String method, Object... params) {
        try {
            return call(method, params);
        } catch (IOException e) {
            throw new UncheckedIOException(method, e);
        }
    }

    private JsonNode call(String method, Object... params) throws IOException {
        var body = JSON.createObjectNode().put("jsonrpc", "1.0").put("id", 1).put("method", method);
        body.set("params", JSON.valueToTree(params));
        var credentials = Base64.getEncoder().encodeToString(userAndPassword().getBytes(StandardCharsets.UTF_8));
        var request = HttpRequest.newBuilder(url())
                .timeout(PATIENCE)
                .header("Authorization", "Basic " + credentials)
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        try {
            var reply =
                    JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
            if (!reply.path("error").isNull()) throw new AssertionError(method + ": " + reply.path("error"));
            return reply.get("result");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    int height() {
        return rpc("getblockcount").intValue();
    }

    String best() {
        return rpc("getbestblockhash").textValue();
    }

    List<String> generate(int blocks) {
        var hashes = new ArrayList<String>();
        rpc("generatetoaddress", blocks, kind.address).forEach(hash -> hashes.add(hash.textValue()));
        return hashes;
    }

    /** So many that segwit is active, and that the first coins may be spent. */
    void grow() {
        generate(FIRST_BLOCKS);
    }

    JsonNode block(String hash) {
        return kind == Kind.BCOIN ? rpc("getblock", hash, true, true) : rpc("getblock", hash, 2);
    }

    String rawBlock(String hash) {
        return rpc("getblock", hash, false).textValue();
    }

    /** What the block at that height paid to the node's address. */
    Coin coin(int height) {
        var coinbase = block(rpc("getblockhash", height).textValue()).at("/tx/0");
        var output = coinbase.at("/vout/0");
        return new Coin(
                coinbase.get("txid").textValue(),
                0,
                output.at("/scriptPubKey/hex").textValue(),
                output.get("value").decimalValue().toPlainString());
    }

    /** Spends a coin, with a witness, to the same address; the fee is 10,000 satoshis. Returns the new one. */
    Coin spend(Coin coin) {
        var left = new BigDecimal(coin.bitcoins()).subtract(new BigDecimal("0.0001"));
        var input = JSON.createObjectNode().put("txid", coin.txid()).put("vout", coin.vout());
        var raw = rpc(
                        "createrawtransaction",
                        List.of(input),
                        JSON.createObjectNode().put(kind.address, left))
                .textValue();
        var previous = input.deepCopy().put("scriptPubKey", coin.script());
        previous.put("amount", new BigDecimal(coin.bitcoins()));
        var signed = kind == Kind.BCOIN
                ? rpc("signrawtransaction", raw, List.of(previous), List.of(kind.key))
                : rpc("signrawtransactionwithkey", raw, List.of(kind.key), List.of(previous));
        if (!signed.path("complete").asBoolean()) throw new AssertionError("not signed: " + signed);
        var txid = rpc("sendrawtransaction", signed.get("hex").textValue()).textValue();
        return new Coin(txid, 0, coin.script(), left.toPlainString());
    }

    /** Gives it all blocks of another node's best chain that it lacks. */
    void takeBlocksOf(RegtestNode other, int from, int to) {
        for (int height = from; height <= to; height++) {
            var answer = rpc(
                    "submitblock",
                    other.rawBlock(other.rpc("getblockhash", height).textValue()));
            // a side branch that is no longer than ours is kept, but not looked at
            if (!answer.isNull() && !answer.asText().contains("inconclusive"))
                throw new AssertionError("block " + height + ": " + answer);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) throw new AssertionError(what + ": not within " + PATIENCE);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        if (process != null) process.destroyForcibly().onExit().join();
        client.close();
    }
}
