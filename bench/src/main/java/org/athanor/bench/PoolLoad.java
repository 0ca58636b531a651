package org.athanor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Miners that do not mine, at a server for which every hash is a share: one thread, one connection each. Arguments:
 * port, number of miners. Prints {@code ready}; then each line of its input is a command:
 *
 * <ul>
 *   <li>{@code flood N SECONDS}: each miner keeps N submits unanswered; prints shares, seconds and latencies.
 *   <li>{@code pace RATE SECONDS}: RATE submits a second in all, evenly; a latency counts from when it was due.
 *   <li>{@code await}: waits until every miner has got one more job; prints when the last came.
 * </ul>
 */
public final class PoolLoad {
    private static final HexDigits DIGITS = new HexDigits();

    private final Selector selector = Selector.open();
    private final List<Miner> miners = new ArrayList<>();
    private final ByteBuffer input = ByteBuffer.allocateDirect(256 * 1024);
    private final ByteBuffer output = ByteBuffer.allocateDirect(256 * 1024);
    private final Histogram latencies = new Histogram(60_000_000_000L, 3);
    private long answered;
    private long refused;
    private int jobs;
    private long lastJob;
    private int inFlight;
    private boolean flooding;

    private PoolLoad(int port, int count) throws IOException {
        for (int i = 0; i < count; i++) miners.add(new Miner(port, i));
    }

    public static void main(String[] arguments) throws IOException {
        var load = new PoolLoad(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        load.until(() -> load.miners.stream().allMatch(m -> (m.job != null || m.newest != null) && m.authorized), 120);
        say("ready");
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var words = line.split(" ", -1);
            switch (words[0]) {
                case "flood" -> load.flood(Integer.parseInt(words[1]), Double.parseDouble(words[2]));
                case "pace" -> load.pace(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
                case "await" -> load.awaitJobs();
                default -> say("unknown command " + line);
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private interface Condition {
        boolean holds();
    }

    private void until(Condition condition, int seconds) throws IOException {
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) throw new IOException("not within " + seconds + " s");
            turn(100);
        }
    }

    private void turn(long millis) throws IOException {
        if (millis == 0) selector.selectNow(PoolLoad::ready);
        else selector.select(PoolLoad::ready, millis);
    }

    private static void ready(SelectionKey key) {
        ((Miner) key.attachment()).read();
    }

    private void flood(int each, double seconds) throws IOException {
        begin();
        inFlight = each;
        flooding = true;
        long start = System.nanoTime();
        for (var miner : miners) {
            for (int i = 0; i < each; i++) miner.submit(start);
            miner.flush();
        }
        long end = start + (long) (seconds * 1e9);
        while (System.nanoTime() < end) turn(10);
        flooding = false;
        report(start);
        until(() -> miners.stream().allMatch(m -> m.unanswered == 0), 30);
    }

    private void pace(double rate, double seconds) throws IOException {
        begin();
        long start = System.nanoTime();
        long sent = 0;
        long count = (long) (rate * seconds);
        while (sent < count) {
            long due = Math.min(count, (long) ((System.nanoTime() - start) / 1e9 * rate));
            for (; sent < due; sent++) {
                var miner = miners.get((int) (sent % miners.size()));
                miner.submit(start + (long) (sent / rate * 1e9));
                miner.flush();
            }
            turn(0);
        }
        report(start);
        until(() -> miners.stream().allMatch(m -> m.unanswered == 0), 30);
    }

    private void begin() {
        latencies.reset();
        answered = 0;
        refused = 0;
    }

    private void report(long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        say("shares " + answered + " refused " + refused + " seconds " + seconds + " p50 "
                + latencies.getValueAtPercentile(50) / 1e6 + " p99 " + latencies.getValueAtPercentile(99) / 1e6);
    }

    private void awaitJobs() throws IOException {
        until(() -> jobs >= miners.size(), 60);
        jobs = 0;
        say("last " + lastJob);
    }

    /** One connection. Its submits differ by their nonce; their id is the nonce too. */
    private final class Miner {
        private static final int RING = 1024;
        private final SocketChannel channel;
        private final String user;
        private final long[] due = new long[RING];
        private byte[] rest = {};
        private String job;
        private String ntime;
        private byte[] line;
        private int nonceAt;
        private byte[] newest; // not read yet
        private boolean authorized;
        private int next;
        private int unanswered;

        Miner(int port, int number) throws IOException {
            user = "heater" + number;
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
            output.clear()
                    .put(("{\"id\":\"s\",\"method\":\"mining.subscribe\",\"params\":[\"load/1\"]}\n"
                                    + "{\"id\":\"a\",\"method\":\"mining.authorize\",\"params\":[\"" + user
                                    + "\",\"x\"]}\n")
                            .getBytes(StandardCharsets.US_ASCII));
            flush();
            output.clear();
        }

        void read() {
            try {
                input.clear();
                input.put(rest);
                int count = channel.read(input);
                if (count < 0) throw new IOException(user + " was disconnected");
                input.flip();
                int start = 0;
                boolean notified = false;
                long now = System.nanoTime();
                for (int i = rest.length; i < input.limit(); i++) {
                    if (input.get(i) != '\n') continue;
                    if (input.get(start + 2) == 'i' && input.get(start + 6) >= '0' && input.get(start + 6) <= '9')
                        answer(start, i, now);
                    else if (isJob(start, i)) {
                        notified = true;
                        newest = new byte[i - start]; // read when it is mined on: all others are waiting for theirs
                        input.get(start, newest);
                    } else message(text(start, i));
                    start = i + 1;
                }
                rest = new byte[input.limit() - start];
                input.get(start, rest);
                if (notified) {
                    jobs++;
                    lastJob = System.nanoTime();
                }
                flush();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private String text(int from, int to) {
            var bytes = new byte[to - from];
            input.get(from, bytes);
            return new String(bytes, StandardCharsets.US_ASCII);
        }

        /** {"id":123,"result":true,... */
        private void answer(int start, int end, long now) {
            int at = start + 6;
            int id = 0;
            for (; input.get(at) != ','; at++) id = 10 * id + input.get(at) - '0';
            boolean accepted = at + 10 < end && input.get(at + 10) == 't';
            if (accepted) answered++;
            else refused++;
            unanswered--;
            latencies.recordValue(Math.max(0, now - due[id % RING]));
            if (flooding && unanswered < inFlight) submit(now);
        }

        /** {"id":null,"method":"mining.notify",... */
        private boolean isJob(int start, int end) {
            return end - start > 32 && input.get(start + 28) == 'n' && input.get(start + 29) == 'o';
        }

        private void message(String line) {
            if (line.contains("\"id\":\"a\"")) authorized = line.contains("true");
        }

        private void readJob() {
            var line = new String(newest, StandardCharsets.US_ASCII);
            newest = null;
            var params = line.substring(line.indexOf("\"params\":[") + 10).split(",", -1);
            job = params[0].replace("\"", "");
            ntime = params[params.length - 2].replace("\"", "");
            // with one merkle branch and more the time is still the last but one
            build();
        }

        private void build() {
            var text = ",\"method\":\"mining.submit\",\"params\":[\"" + user + "\",\"" + job
                    + "\",\"0000000000000001\",\"" + ntime + "\",\"";
            line = (text + "00000000\"]}\n").getBytes(StandardCharsets.US_ASCII);
            nonceAt = text.length();
        }

        void submit(long at) {
            if (newest != null) readJob();
            if (output.remaining() < 512) flush();
            int id = next++ & 0x7fffffff;
            due[id % RING] = at;
            output.put(ID);
            DIGITS.decimal(id, output);
            DIGITS.hex(id, line, nonceAt);
            output.put(line);
            unanswered++;
        }

        void flush() {
            try {
                output.flip();
                while (output.hasRemaining()) channel.write(output);
                output.clear();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static final byte[] ID = "{\"id\":".getBytes(StandardCharsets.US_ASCII);

    /** Numbers without garbage. */
    private static final class HexDigits {
        private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        private final byte[] decimal = new byte[10];

        void hex(int number, byte[] into, int at) {
            for (int i = 7; i >= 0; i--, number >>>= 4) into[at + i] = HEX[number & 15];
        }

        void decimal(int number, ByteBuffer into) {
            int at = decimal.length;
            do {
                decimal[--at] = (byte) ('0' + number % 10);
                number /= 10;
            } while (number > 0);
            into.put(decimal, at, decimal.length - at);
        }
    }
}
