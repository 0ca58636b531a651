package org.athanor.edge.page;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PropertyResourceBundle;
import java.util.TreeMap;

/** The page's words, a bundle a language; English stands in for what another language lacks. */
final class Texts {
    static final String ENGLISH = "en";

    /** By tag, each under the name that its own speakers know. */
    private static final Map<String, String> LANGUAGES = languages();

    private final Map<String, Map<String, String>> bundles = new LinkedHashMap<>();
    private final Map<String, String> phrases = new TreeMap<>();

    Texts() {
        var english = load("texts.properties");
        english.forEach((key, text) -> {
            if (key.startsWith("say-") || key.startsWith("says-")) phrases.put(key, text);
        });
        for (var tag : LANGUAGES.keySet()) {
            var words = new TreeMap<>(english);
            if (!tag.equals(ENGLISH)) words.putAll(load("texts_" + tag + ".properties"));
            bundles.put(tag, words);
        }
    }

    private static Map<String, String> languages() {
        var languages = new LinkedHashMap<String, String>();
        languages.put(ENGLISH, "English");
        languages.put("fr", "Français");
        return languages;
    }

    static Map<String, String> load(String file) {
        try (var stream = Texts.class.getResourceAsStream(file)) {
            if (stream == null) throw new IllegalStateException("not on the class path: " + file);
            var bundle = new PropertyResourceBundle(new InputStreamReader(stream, StandardCharsets.UTF_8));
            var words = new TreeMap<String, String>();
            for (var key : bundle.keySet()) words.put(key, bundle.getString(key));
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    Map<String, String> languageNames() {
        return LANGUAGES;
    }

    /** The words of one of our languages, by key. */
    Map<String, String> of(String tag) {
        return bundles.get(tag);
    }

    /** What is said in English with words of others in it, or of which no more than the English was kept; by key. */
    Map<String, String> phrases() {
        return phrases;
    }

    /**
     * The language to speak: the chosen one, or the first of ours that the browser asks for.
     *
     * @param chosen by the reader's switch; null or one that we do not speak leaves it to the browser
     * @param acceptLanguage the header; null or nonsense asks for English
     */
    String language(String chosen, String acceptLanguage) {
        if (chosen != null && bundles.containsKey(chosen)) return chosen;
        if (acceptLanguage == null || acceptLanguage.length() > 500) return ENGLISH;
        List<Locale.LanguageRange> ranges;
        try {
            ranges = Locale.LanguageRange.parse(acceptLanguage);
        } catch (IllegalArgumentException e) {
            return ENGLISH; // browsers send what they like; this is no mistake of the reader
        }
        var found = Locale.lookupTag(ranges, bundles.keySet());
        return found == null ? ENGLISH : found;
    }
}
