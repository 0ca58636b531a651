package org.athanor.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules about the text of the repository that neither compiler nor formatter knows. */
class TidyTest {
    private static final Set<String> TEXT =
            Set.of("java", "xml", "md", "js", "css", "html", "sh", "properties", "json", "yaml", "yml", "csv");

    /** Where builds may fetch from, and the name spaces of Maven's own files. */
    private static final Set<String> BUILD_HOSTS =
            Set.of("repo.maven.apache.org", "maven.apache.org", "www.apache.org", "www.w3.org");

    private static final Pattern HOST = Pattern.compile("https?://([^/\"'\\s<>$:}]+)");

    /** A path of somebody's machine; put together, so that this file does not hold one. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.*])/(" + "root|work|workspace" + ")/\\w");

    private static final Path ROOT = root();

    @Test
    void sourcesAndDocumentsHoldNoTabsAndEndWithANewline() {
        assertEquals(
                List.of(),
                offenders(
                        TidyTest::isText,
                        text -> text.contains("\t")
                                || text.contains("\r")
                                || (!text.isEmpty() && !text.endsWith("\n"))));
    }

    @Test
    void nothingNamesAPathOfSomebodysMachine() {
        assertEquals(
                List.of(),
                offenders(TidyTest::isText, text -> MACHINE_PATH.matcher(text).find()));
    }

    @Test
    void buildsFetchFromMavenCentralAlone() {
        assertEquals(
                List.of(),
                offenders(
                        path -> path.endsWith("pom.xml") || path.startsWith(ROOT.resolve(".mvn/wrapper")),
                        text -> HOST.matcher(text)
                                .results()
                                .map(found -> found.group(1))
                                .anyMatch(host -> !BUILD_HOSTS.contains(host))));
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        var silent = new ArrayList<Path>();
        for (var module : modules()) {
            var sources = module.resolve("src/main/java");
            if (Files.isDirectory(sources))
                try (var folders = Files.walk(sources)) {
                    folders.filter(Files::isDirectory)
                            .filter(TidyTest::holdsJava)
                            .filter(folder -> !Files.exists(folder.resolve("package-info.java"))
                                    && !Files.exists(folder.resolve("module-info.java")))
                            .forEach(silent::add);
                }
        }
        assertEquals(List.of(), silent);
    }

    @Test
    void everyModuleHasAReadme() throws IOException {
        assertEquals(
                List.of(),
                modules().stream()
                        .filter(module -> !Files.exists(module.resolve("README.md")))
                        .toList());
    }

    @Test
    void librariesAreModulesAndAssembliesAreNot() throws IOException {
        var assemblies = Set.of("edge", "network", "cli", "conformance", "bench");
        for (var module : modules())
            assertEquals(
                    !assemblies.contains(module.getFileName().toString()),
                    Files.exists(module.resolve("src/main/java/module-info.java")),
                    module + "/src/main/java/module-info.java");
    }

    private static List<Path> offenders(Predicate<Path> which, Predicate<String> offends) {
        try (var files = Files.walk(ROOT)) {
            var looked = files.filter(TidyTest::isOurs)
                    .filter(Files::isRegularFile)
                    .filter(which)
                    .toList();
            assertTrue(looked.size() > 1, "no files to look at below " + ROOT);
            return looked.stream()
                    .filter(file -> offends.test(read(file)))
                    .map(ROOT::relativize)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Path> modules() throws IOException {
        try (var folders = Files.list(ROOT)) {
            return folders.flatMap(folder -> Stream.of(folder, folder.resolve("vector")))
                    .filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .sorted()
                    .toList();
        }
    }

    private static boolean holdsJava(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isText(Path file) {
        var name = file.getFileName().toString();
        return TEXT.contains(name.substring(name.lastIndexOf('.') + 1))
                || Set.of("athanor", "run").contains(name);
    }

    /** Not built, not of git, and no sample of somebody else's text, which tests keep as it was found. */
    private static boolean isOurs(Path path) {
        var inside = ROOT.relativize(path);
        for (var part : inside) if (Set.of("target", ".git", ".idea").contains(part.toString())) return false;
        return !inside.toString().contains("src/test/resources");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(file.toString(), failure);
        }
    }

    private static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) folder = folder.getParent();
        return folder;
    }
}
