package dev.atrium.gateway.web;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A request's body in the making. What goes beyond its limit is thrown away but still read, up to a
 * bound: a connection that is closed on a client which is still sending takes the answer with it.
 */
final class CollectedBody {
    private static final long MOST_THROWN_AWAY = 64L * 1024 * 1024;

    private final int longest;
    private final List<byte[]> parts = new ArrayList<>(1);
    private int size;
    private long thrownAway;

    /**
     * @param isTooLong whether its length is known to be beyond the limit
     */
    CollectedBody(int longest, boolean isTooLong) {
        this.longest = longest;
        this.thrownAway = isTooLong ? 1 : 0;
    }

    int longest() {
        return longest;
    }

    boolean isTooLong() {
        return thrownAway > 0;
    }

    /** Whether it is no use to read on. */
    boolean isHopeless() {
        return thrownAway > MOST_THROWN_AWAY;
    }

    /**
     * Copies a part.
     *
     * @param hold told how many bytes are kept; may refuse them by throwing
     */
    void add(ByteBuf part, IntConsumer hold) {
        int length = part.readableBytes();
        if (isTooLong() || length > longest - size) {
            parts.clear();
            thrownAway += length;
            return;
        }
        hold.accept(length);
        byte[] bytes = new byte[length];
        part.readBytes(bytes);
        parts.add(bytes);
        size += length;
    }

    byte[] bytes() {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        byte[] whole = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }
}
