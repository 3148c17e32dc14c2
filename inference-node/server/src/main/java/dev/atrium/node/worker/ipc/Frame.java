package dev.atrium.node.worker.ipc;

import java.nio.ByteBuffer;

/**
 * @param id request that the frame belongs to; 0 for none
 * @param head JSON of one of {@link Messages}
 * @param body raw bytes, little-endian; owned by whoever got the frame
 */
public record Frame(FrameType type, long id, byte[] head, ByteBuffer body) {}
