package org.athanor.stratum;

/** A node could not be asked, or answered with an error or with nonsense. The message holds no credentials. */
public final class NodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What it means for whoever asked. */
    public enum Kind {
        /** No answer: the node is down, too slow, or a cookie is not there. It may or may not have done what it was asked. */
        UNREACHABLE,
        /** User and password are wrong, or this computer may not ask. */
        CREDENTIALS,
        /** The node says that it cannot do it now or at all. */
        ERROR,
        /** The answer cannot be used. */
        NONSENSE
    }

    private final Kind kind;
    private final int code;

    NodeException(Kind kind, String message) {
        this(kind, message, null);
    }

    NodeException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = 0;
    }

    NodeException(int code, String message) {
        super(message);
        this.kind = Kind.ERROR;
        this.code = code;
    }

    /** For those who give credentials: they cannot be had just now. */
    public static NodeException noCredentials(String message, Throwable cause) {
        return new NodeException(Kind.UNREACHABLE, message, cause);
    }

    public Kind kind() {
        return kind;
    }

    /** Of {@link Kind#ERROR}, as in Bitcoin Core's rpc/protocol.h; otherwise 0. */
    public int code() {
        return code;
    }
}
