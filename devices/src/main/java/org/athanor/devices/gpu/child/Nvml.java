package org.athanor.devices.gpu.child;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.Serial;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The few functions of NVIDIA's management library that a heater needs, through the foreign function interface.
 *
 * <p>Source: the NVML API reference. Watts are milliwatts in it.
 */
@SuppressWarnings("restricted") // calling native code is its purpose, and its process has nothing to lose
final class Nvml {
    private static final int SUCCESS = 0;
    private static final int INVALID_ARGUMENT = 2;
    private static final int NOT_SUPPORTED = 3;
    private static final int NO_PERMISSION = 4;
    private static final int NOT_FOUND = 6;
    private static final int TEXT_LENGTH = 96;
    private static final int GPU_SENSOR = 0;
    private static final int SLOWDOWN_THRESHOLD = 1;

    /** A call of the library failed. */
    static final class Failure extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        final boolean refused;

        Failure(boolean refused, String message) {
            super(message);
            this.refused = refused;
        }
    }

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;

    /** @throws IllegalArgumentException if there is no such library */
    Nvml(String name) {
        this.library = SymbolLookup.libraryLookup(name, Arena.global());
    }

    void start() throws Failure {
        check("nvmlInit_v2", call("nvmlInit_v2"));
    }

    void stop() throws Failure {
        check("nvmlShutdown", call("nvmlShutdown"));
    }

    int count() throws Failure {
        try (var memory = Arena.ofConfined()) {
            var count = memory.allocate(JAVA_INT);
            check("nvmlDeviceGetCount_v2", call("nvmlDeviceGetCount_v2", count));
            return count.get(JAVA_INT, 0);
        }
    }

    MemorySegment device(int index) throws Failure {
        try (var memory = Arena.ofConfined()) {
            var handle = memory.allocate(ADDRESS);
            check("nvmlDeviceGetHandleByIndex_v2", call("nvmlDeviceGetHandleByIndex_v2", index, handle));
            return handle.get(ADDRESS, 0);
        }
    }

    /** Empty for one that this computer does not have. */
    Optional<MemorySegment> device(String uuid) throws Failure {
        var function = "nvmlDeviceGetHandleByUUID";
        try (var memory = Arena.ofConfined()) {
            var handle = memory.allocate(ADDRESS);
            int result = call(function, memory.allocateFrom(uuid), handle);
            if (result == NOT_FOUND || result == INVALID_ARGUMENT) return Optional.empty();
            check(function, result);
            return Optional.of(handle.get(ADDRESS, 0));
        }
    }

    int index(MemorySegment device) throws Failure {
        return number("nvmlDeviceGetIndex", device);
    }

    String name(MemorySegment device) throws Failure {
        return text("nvmlDeviceGetName", device);
    }

    String uuid(MemorySegment device) throws Failure {
        return text("nvmlDeviceGetUUID", device);
    }

    private String text(String function, MemorySegment device) throws Failure {
        try (var memory = Arena.ofConfined()) {
            var text = memory.allocate(TEXT_LENGTH);
            check(function, call(function, device, text, TEXT_LENGTH));
            return text.getString(0);
        }
    }

    int powerMilliwatts(MemorySegment device) throws Failure {
        return number("nvmlDeviceGetPowerUsage", device);
    }

    int limitMilliwatts(MemorySegment device) throws Failure {
        return number("nvmlDeviceGetPowerManagementLimit", device);
    }

    /** Least and most that {@link #limit} takes. */
    int[] limitsMilliwatts(MemorySegment device) throws Failure {
        var function = "nvmlDeviceGetPowerManagementLimitConstraints";
        try (var memory = Arena.ofConfined()) {
            var least = memory.allocate(JAVA_INT);
            var most = memory.allocate(JAVA_INT);
            check(function, call(function, device, least, most));
            return new int[] {least.get(JAVA_INT, 0), most.get(JAVA_INT, 0)};
        }
    }

    void limit(MemorySegment device, int milliwatts) throws Failure {
        var function = "nvmlDeviceSetPowerManagementLimit";
        check(function, call(function, device, milliwatts));
    }

    int celsius(MemorySegment device) throws Failure {
        var function = "nvmlDeviceGetTemperature";
        try (var memory = Arena.ofConfined()) {
            var celsius = memory.allocate(JAVA_INT);
            check(function, call(function, device, GPU_SENSOR, celsius));
            return celsius.get(JAVA_INT, 0);
        }
    }

    /** At which it slows itself down, °C; 0 where it does not say. */
    int slowdownCelsius(MemorySegment device) throws Failure {
        var function = "nvmlDeviceGetTemperatureThreshold";
        if (library.find(function).isEmpty()) return 0;
        try (var memory = Arena.ofConfined()) {
            var celsius = memory.allocate(JAVA_INT);
            int result = call(function, device, SLOWDOWN_THRESHOLD, celsius);
            if (result == NOT_SUPPORTED) return 0;
            check(function, result);
            return celsius.get(JAVA_INT, 0);
        }
    }

    private int number(String function, MemorySegment device) throws Failure {
        try (var memory = Arena.ofConfined()) {
            var number = memory.allocate(JAVA_INT);
            check(function, call(function, device, number));
            return number.get(JAVA_INT, 0);
        }
    }

    private void check(String function, int result) throws Failure {
        if (result != SUCCESS) throw new Failure(result == NO_PERMISSION, function + ": " + words(result));
    }

    private String words(int result) {
        try {
            var handle = handle("nvmlErrorString", FunctionDescriptor.of(ADDRESS, JAVA_INT));
            var text = (MemorySegment) handle.invokeWithArguments(result);
            return text.reinterpret(256).getString(0) + " (" + result + ")";
        } catch (Throwable e) {
            return "error " + result;
        }
    }

    /** All return a code, and take handles, pointers and numbers. */
    private int call(String function, Object... arguments) throws Failure {
        var layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) layouts[i] = arguments[i] instanceof Integer ? JAVA_INT : ADDRESS;
        var handle = handle(function, FunctionDescriptor.of(JAVA_INT, layouts));
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("calling " + function, e);
        }
    }

    private MethodHandle handle(String function, FunctionDescriptor descriptor) throws Failure {
        var symbol = library.find(function)
                .orElseThrow(() -> new Failure(false, "the library has no " + function + ": its driver is too old"));
        return linker.downcallHandle(symbol, descriptor);
    }
}
