package org.athanor.cli;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.athanor.stratum.NodeCredentials;
import org.athanor.stratum.NodeTemplates;
import org.athanor.stratum.Payouts;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of a pool that mines solo before a Bitcoin node. */
final class NodeOptions {
    static final String USER_VARIABLE = "ATHANOR_NODE_USER";
    static final String PASSWORD_VARIABLE = "ATHANOR_NODE_PASSWORD";
    private static final String HOST_PORT = "(\\[[0-9a-fA-F:.]+]|[^\\s:/@\\[\\]]+):([0-9]{1,5})/?";
    private static final Pattern NODE = Pattern.compile("(https?)://(?:([^\\s/]*)@)?" + HOST_PORT);
    private static final Pattern ZMQ = Pattern.compile("tcp://" + HOST_PORT);

    @Option(
            names = "--node",
            paramLabel = "URL",
            description = {
                "Mine solo before the Bitcoin node whose RPC port is here: http://HOST:PORT, or https. Its user and"
                        + " password come from --node-cookie, from " + USER_VARIABLE + " and " + PASSWORD_VARIABLE
                        + " in the environment, or stand in the URL as USER:PASSWORD@, where others may read them."
            })
    private String node;

    @Option(
            names = "--node-cookie",
            paramLabel = "FILE",
            description = "The node's cookie file, such as ~/.bitcoin/.cookie; read again when the node restarts.")
    private Path cookie;

    @Option(
            names = "--payout",
            paramLabel = "ADDRESS[=SHARE]",
            description = "Whom blocks of --node pay; repeat it to part them by shares (default share: 1).")
    private List<String> payouts = new ArrayList<>();

    @Option(
            names = "--zmq",
            paramLabel = "tcp://HOST:PORT",
            description = "Where the node publishes hashblock (zmqpubhashblock); without it, long polling is enough.")
    private String zmq;

    boolean given() {
        return node != null;
    }

    /** @throws ParameterException if the options do not fit together, or cannot be understood */
    void check(CommandLine command) {
        try {
            if (given()) config();
            else if (cookie != null || zmq != null || !payouts.isEmpty())
                throw new IllegalArgumentException(
                        "--payout, --node-cookie and --zmq go with --node, which is missing");
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, e.getMessage());
        }
    }

    NodeSource start(DataFolder folder, PrintStream out) {
        if (urlHoldsCredentials())
            out.println("warning: other users of this computer can read the node's password in --node; better are"
                    + " --node-cookie FILE, or " + USER_VARIABLE + " and " + PASSWORD_VARIABLE + " in the environment");
        if (goesUnencryptedFar(config().node()))
            out.println("warning: --node is neither this computer nor in its private network, and http shows the node's"
                    + " password to everybody on the way; better is https, or a tunnel");
        if (folder.isTemporary())
            out.println("warning: without --share-log DIR a block that the node has not answered when this ends is not"
                    + " sent again by the next start");
        return new NodeSource(NodeTemplates.start(config(), InstantSource.system()), folder, out);
    }

    static boolean goesUnencryptedFar(URI node) {
        if (!node.getScheme().equals("http")) return false;
        try {
            var address = InetAddress.getByName(node.getHost());
            boolean uniqueLocal = address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc;
            return !(address.isLoopbackAddress()
                    || address.isSiteLocalAddress()
                    || address.isLinkLocalAddress()
                    || uniqueLocal);
        } catch (UnknownHostException e) {
            return false; // will be said when it is called
        }
    }

    private boolean urlHoldsCredentials() {
        var matcher = NODE.matcher(node);
        return matcher.matches() && matcher.group(2) != null;
    }

    private NodeTemplates.Config config() {
        var matcher = NODE.matcher(node);
        if (!matcher.matches()) // the value is not repeated: it may hold a password
        throw new IllegalArgumentException("--node: accepted is http://HOST:PORT, such as http://127.0.0.1:8332, with"
                + " USER:PASSWORD@ before the host if need be (special characters percent-encoded)");
        port("--node", matcher.group(4));
        var address = URI.create(matcher.group(1) + "://" + matcher.group(3) + ":" + matcher.group(4) + "/");
        var config = NodeTemplates.Config.of(address, credentials(matcher.group(2), System.getenv()), payouts());
        return zmq == null ? config : config.withZmq(publisher());
    }

    private NodeCredentials credentials(String inUrl, Map<String, String> environment) {
        var user = environment.get(USER_VARIABLE);
        var password = environment.get(PASSWORD_VARIABLE);
        if (cookie != null && inUrl != null)
            throw new IllegalArgumentException("--node-cookie and a password in --node: accepted is one of the two");
        if (cookie != null) return new CookieFile(cookie);
        if (inUrl != null) {
            if (!inUrl.contains(":"))
                throw new IllegalArgumentException("--node: what stands before @ is accepted as USER:PASSWORD only");
            // a plus sign is no space here
            return NodeCredentials.fixed(URLDecoder.decode(inUrl.replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        if (user != null && password != null) return NodeCredentials.fixed(user + ":" + password);
        throw new IllegalArgumentException("--node: no user and password: accepted are --node-cookie FILE, or "
                + USER_VARIABLE + " and " + PASSWORD_VARIABLE + " in the environment, or --node"
                + " http://USER:PASSWORD@HOST:PORT");
    }

    private Payouts payouts() {
        if (payouts.isEmpty())
            throw new IllegalArgumentException("--payout ADDRESS is missing: blocks of --node must pay somebody");
        try {
            return new Payouts(payouts.stream().map(Payouts.Payout::parse).toList());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--payout: " + e.getMessage(), e);
        }
    }

    private InetSocketAddress publisher() {
        var matcher = ZMQ.matcher(zmq);
        if (!matcher.matches())
            throw new IllegalArgumentException(
                    "--zmq \"" + zmq + "\": accepted is tcp://HOST:PORT, such as tcp://127.0.0.1:28332");
        var host = matcher.group(1).replaceAll("[\\[\\]]", "");
        return InetSocketAddress.createUnresolved(host, port("--zmq", matcher.group(2)));
    }

    private static int port(String option, String text) {
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65_535)
            throw new IllegalArgumentException(option + ": port " + port + ": accepted is 1 to 65535");
        return port;
    }
}
