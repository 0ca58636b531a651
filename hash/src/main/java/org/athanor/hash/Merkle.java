package org.athanor.hash;

import java.util.ArrayList;
import java.util.List;

/** Bitcoin's tree of transaction ids, all in internal order; the last of an odd number is paired with itself. */
public final class Merkle {
    private Merkle() {}

    /** @throws IllegalArgumentException if there is no transaction */
    public static byte[] root(List<byte[]> txids) {
        if (txids.isEmpty()) throw new IllegalArgumentException("a block without transactions has no merkle root");
        var level = txids;
        while (level.size() > 1) level = parents(level);
        return level.getFirst().clone();
    }

    /** What the first transaction (a block's coinbase, not yet known) must be hashed with, from the leaves up. */
    public static List<byte[]> branch(List<byte[]> txids) {
        var branch = new ArrayList<byte[]>();
        for (var level = txids; level.size() > 1; level = parents(level)) branch.add(level.get(1));
        return List.copyOf(branch);
    }

    /** The root over a first transaction and its {@link #branch}. */
    public static byte[] fold(byte[] leaf, List<byte[]> branch) {
        var root = leaf.clone();
        for (var sibling : branch) root = pair(root, sibling);
        return root;
    }

    private static List<byte[]> parents(List<byte[]> level) {
        var parents = new ArrayList<byte[]>((level.size() + 1) / 2);
        for (int i = 0; i < level.size(); i += 2)
            parents.add(pair(level.get(i), level.get(Math.min(i + 1, level.size() - 1))));
        return parents;
    }

    private static byte[] pair(byte[] left, byte[] right) {
        var both = new byte[64];
        System.arraycopy(left, 0, both, 0, 32);
        System.arraycopy(right, 0, both, 32, 32);
        return Sha256d.hash(both);
    }
}
