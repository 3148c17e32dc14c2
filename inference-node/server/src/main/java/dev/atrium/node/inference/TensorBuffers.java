package dev.atrium.node.inference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Direct buffers of one request, released together and once. */
final class TensorBuffers {
    private static final int FIRST_BYTES = 256;

    private final List<ByteBuf> buffers = new ArrayList<>();
    private final int maxBytes;

    TensorBuffers(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized ByteBuf allocate() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(FIRST_BYTES, maxBytes);
        buffers.add(buffer);
        return buffer;
    }

    synchronized void release() {
        buffers.forEach(ByteBuf::release);
        buffers.clear();
    }
}
