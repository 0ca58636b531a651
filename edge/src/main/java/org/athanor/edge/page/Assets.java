package org.athanor.edge.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the page, read once from the class path: our own and those of the WebJars, under one table of paths. No
 * path of a request ever reaches a file system.
 */
final class Assets {
    private static final String OWN = "/org/athanor/edge/page/";
    private static final String WEBJARS = "/META-INF/resources/webjars/";
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    /** A word of the bundles, or the language's own tag. */
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("/", OWN + "index.html"),
            Map.entry("/page.css", OWN + "page.css"),
            Map.entry("/page.js", OWN + "page.js"),
            Map.entry("/charts.js", OWN + "charts.js"),
            Map.entry("/settings.js", OWN + "settings.js"),
            Map.entry("/pairing.js", OWN + "pairing.js"),
            Map.entry("/texts.js", OWN + "texts.js"),
            Map.entry("/api.js", OWN + "api.js"),
            Map.entry("/format.js", OWN + "format.js"),
            Map.entry("/icon.svg", OWN + "icon.svg"),
            Map.entry("/lib/lit.js", WEBJARS + "lit/3.2.1/index.js"),
            Map.entry("/lib/lit-html/lit-html.js", WEBJARS + "lit-html/3.3.2/lit-html.js"),
            Map.entry("/lib/lit-html/is-server.js", WEBJARS + "lit-html/3.3.2/is-server.js"),
            Map.entry("/lib/lit-element/lit-element.js", WEBJARS + "lit-element/4.2.2/lit-element.js"),
            Map.entry(
                    "/lib/reactive-element/reactive-element.js",
                    WEBJARS + "lit__reactive-element/2.1.2/reactive-element.js"),
            Map.entry("/lib/reactive-element/css-tag.js", WEBJARS + "lit__reactive-element/2.1.2/css-tag.js"),
            Map.entry("/lib/uplot.js", WEBJARS + "uplot/1.6.30/dist/uPlot.esm.js"),
            Map.entry("/lib/uplot.css", WEBJARS + "uplot/1.6.30/dist/uPlot.min.css"));

    /** A file as it is sent; its content is never changed. */
    static final class Asset {
        private final byte[] content;
        private final String type;
        private final String tag;

        private Asset(byte[] content, String type, String tag) {
            this.content = content;
            this.type = type;
            this.tag = tag;
        }

        byte[] content() {
            return content;
        }

        String type() {
            return type;
        }

        String tag() {
            return tag;
        }
    }

    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<String, Asset> pages = new HashMap<>();
    private final String policy;

    /** @param texts which the page itself says before its script has run */
    Assets(Texts texts) {
        FILES.forEach((path, resource) -> assets.put(path, load(resource)));
        var page = new String(assets.remove("/").content(), StandardCharsets.UTF_8);
        policy = policy(page);
        for (var language : texts.languageNames().keySet()) pages.put(language, page(page, language, texts));
    }

    private static Asset page(String page, String language, Texts texts) {
        var words = texts.of(language);
        var told = PLACE.matcher(page)
                .replaceAll(place -> place.group(1).equals("language")
                        ? language
                        : Matcher.quoteReplacement(words.get(place.group(1))));
        return asset("index.html", told.getBytes(StandardCharsets.UTF_8));
    }

    Optional<Asset> at(String path, String language) {
        return Optional.ofNullable(path.equals("/") ? pages.get(language) : assets.get(path));
    }

    /** An import map can only stand inside the page, so its hash is allowed, and no other inline script. */
    String contentSecurityPolicy() {
        return policy;
    }

    private static String policy(String page) {
        var matcher = IMPORT_MAP.matcher(page);
        if (!matcher.find()) throw new IllegalStateException("index.html has no import map");
        var hash = Base64.getEncoder().encodeToString(sha256(matcher.group(1).getBytes(StandardCharsets.UTF_8)));
        return "default-src 'none'; script-src 'self' 'sha256-" + hash + "'; style-src 'self'; img-src 'self';"
                + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static Asset load(String resource) {
        try (var stream = Assets.class.getResourceAsStream(resource)) {
            if (stream == null) throw new IllegalStateException("not on the class path: " + resource);
            return asset(resource, stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    private static Asset asset(String resource, byte[] content) {
        return new Asset(content, type(resource), '"' + HexFormat.of().formatHex(sha256(content), 0, 12) + '"');
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String type(String resource) {
        var ending = resource.substring(resource.lastIndexOf('.') + 1);
        return switch (ending) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalStateException("no media type for " + resource);
        };
    }
}
