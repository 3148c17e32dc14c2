package dev.atrium.node.worker.ipc;

import java.io.IOException;

/** One message is larger than a frame may be; nothing was sent. */
public final class FrameTooLargeException extends IOException {
    public FrameTooLargeException(long bytes, long limit) {
        super(bytes + " bytes do not fit a frame of at most " + limit);
    }
}
