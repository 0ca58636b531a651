package org.athanor.training.data;

/**
 * A shard of a dataset, by its content.
 *
 * @param hash   SHA-256 of its bytes as they are stored, in hexadecimal
 * @param tokens in it
 */
public record ShardRef(String hash, int tokens) {
    /** A text is cut into shards of about 2<sup>20</sup> tokens: one of twice as many is two. */
    public static final int MOST_TOKENS = 1 << 21;

    public ShardRef {
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a shard is named by a SHA-256 in hexadecimal, but not by " + hash);
        }
        if (tokens < 1) {
            throw new IllegalArgumentException("a shard has at least one token, but not " + tokens);
        }
        if (tokens > MOST_TOKENS) {
            throw new IllegalArgumentException("a shard has at most " + MOST_TOKENS + " tokens, but not " + tokens);
        }
    }
}
