package org.athanor.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Says in the user's words what is wrong with a value: picocli's own message names a Java type or an exception. */
final class WrongValue {
    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class, BigInteger.class);
    private static final Set<Class<?>> NUMBERS =
            Set.of(double.class, Double.class, float.class, Float.class, BigDecimal.class);

    private WrongValue() {}

    /** Names option, value and what is accepted; empty for a mistake of another kind. */
    static Optional<String> message(ParameterException mistake) {
        var argument = mistake.getArgSpec();
        if (argument == null || mistake.getValue() == null) return Optional.empty();
        var type = argument.auxiliaryTypes().length > 0 ? argument.auxiliaryTypes()[0] : argument.type();
        var given = name(argument) + " " + mistake.getValue() + ": ";
        if (WHOLE.contains(type)) return Optional.of(given + "a whole number" + most(type) + " is accepted");
        if (NUMBERS.contains(type)) return Optional.of(given + "a number is accepted");
        // a converter of ours speaks for itself
        return mistake.getCause() instanceof TypeConversionException own
                ? Optional.of(name(argument) + ": " + own.getMessage())
                : Optional.empty();
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String most(Class<?> type) {
        if (type == int.class || type == Integer.class) return " up to " + Integer.MAX_VALUE;
        if (type == long.class || type == Long.class) return " up to " + Long.MAX_VALUE;
        return "";
    }
}
