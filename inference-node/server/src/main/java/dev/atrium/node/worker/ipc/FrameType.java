package dev.atrium.node.worker.ipc;

import java.util.Optional;

/** Kinds of frames; the code is what travels. */
public enum FrameType {
    /** Worker's first word. */
    HELLO(1),
    LOAD(2),
    LOADED(3),
    WARM_UP(4),
    INFER(5),
    EMBED(6),
    CHAT(7),
    /** A piece of a generation; more follow. */
    DELTA(8),
    /** The last word on a request that worked. */
    RESULT(9),
    /** The last word on a request that did not. */
    FAILED(10),
    /** Wish to stop a call, whose last word still comes. */
    CANCEL(11),
    UNLOAD(12),
    /** The last word on one call of a batch; the batch goes on. */
    PART(13),
    /** Answer to WARM_UP. */
    WARM(14),
    PREDICT(15);

    private final byte code;

    FrameType(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static Optional<FrameType> of(byte code) {
        for (FrameType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
