package org.athanor.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules over the product. That they would notice an offence is shown by {@link ArchitectureRulesCanFailTest}. */
class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.athanor");

    @TestFactory
    Stream<DynamicTest> theProductKeeps() {
        return ArchitectureRules.below("org.athanor").entrySet().stream()
                .map(rule -> dynamicTest(rule.getKey(), () -> rule.getValue().check(PRODUCT)));
    }

    /** A rule over classes that were not found would hold for ever. */
    @Test
    void everyModuleIsSeen() {
        var expected = new TreeSet<>(ArchitectureRules.MAY_USE.keySet());
        expected.add("cli");
        var seen = PRODUCT.stream()
                .map(type -> type.getPackageName().split("\\."))
                .filter(name -> name.length > 2)
                .map(name -> name[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, seen);
        for (var module : expected) {
            var count = PRODUCT.stream()
                    .filter(type -> type.getPackageName().startsWith("org.athanor." + module))
                    .filter(type -> !Set.of("package-info", "Pending").contains(type.getSimpleName()))
                    .count();
            assertTrue(count > 0, module + " has no classes");
        }
    }
}
