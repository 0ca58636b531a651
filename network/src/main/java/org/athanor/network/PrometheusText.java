package org.athanor.network;

import java.util.Locale;

/** Prometheus' text exposition format 0.0.4: families of samples, each with its help and type once. */
public final class PrometheusText {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();

    public PrometheusText family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** @param labels names and values by turns */
    public PrometheusText sample(String name, double value, String... labels) {
        text.append(name);
        for (var i = 0; i < labels.length; i += 2)
            text.append(i == 0 ? "{" : ",")
                    .append(labels[i])
                    .append("=\"")
                    .append(escaped(labels[i + 1]))
                    .append('"');
        if (labels.length > 0) text.append('}');
        text.append(' ').append(number(value)).append('\n');
        return this;
    }

    public PrometheusText single(String name, String type, String help, double value) {
        return family(name, type, help).sample(name, value);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 0x1p53
                ? String.format(Locale.ROOT, "%.0f", value)
                : Double.toString(value);
    }

    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
