package org.athanor.cli;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/**
 * The JDK's vector module, which is not loaded unless it is asked for. {@code --add-modules jdk.incubator.vector} asks for
 * it, but doubles the time of every start, since the AOT cache cannot keep a module graph that contains an incubating
 * module, and prints a warning. So it is loaded by the running program, in the way in which the JDK loads modules for its
 * own agents; the jar's manifest opens that way ({@code Add-Exports}). A JDK in which the way is closed, or that has no
 * such module, leaves the scanners that need none: docs/decisions/0013-vector-module-at-run-time.md
 */
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /** @return why there is none, in one sentence; empty when it is there */
    static Optional<String> load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) return Optional.empty();
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return why(e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            return why(e);
        }
    }

    private static Optional<String> why(Throwable failure) {
        return Optional.of("the module " + NAME + " cannot be loaded by the running program (" + failure.getMessage()
                + "); ATHANOR_OPTS=\"--add-modules " + NAME + "\" may do it");
    }
}
