package dev.atrium.node.worker.ipc;

import java.io.IOException;

/** The other end broke the rules; the connection is of no use any more. */
public final class ProtocolException extends IOException {
    public ProtocolException(String message) {
        super(message);
    }
}
