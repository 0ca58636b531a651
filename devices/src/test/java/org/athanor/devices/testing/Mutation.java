package org.athanor.devices.testing;

import java.util.Random;

/** A text with up to three places changed, dropped, doubled or cut, as on a bad line. */
public final class Mutation {
    private static final String ODD = "{}[]:,\"\\-0123456789.eE+ntf \n\u0001\u00e9";

    private Mutation() {}

    public static String of(String text, Random random) {
        var changed = new StringBuilder(text);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && !changed.isEmpty(); i++) {
            int at = random.nextInt(changed.length());
            char odd = ODD.charAt(random.nextInt(ODD.length()));
            switch (random.nextInt(5)) {
                case 0 -> changed.setCharAt(at, odd);
                case 1 -> changed.deleteCharAt(at);
                case 2 -> changed.insert(at, odd);
                case 3 -> changed.insert(at, changed.substring(at, Math.min(changed.length(), at + 20)));
                default -> {
                    if (random.nextInt(4) == 0) changed.setLength(at);
                    else changed.delete(at, Math.min(changed.length(), at + 8));
                }
            }
        }
        return changed.toString();
    }
}
