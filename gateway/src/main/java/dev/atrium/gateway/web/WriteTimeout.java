package dev.atrium.gateway.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client takes nothing of the answer that waits for it. A client that
 * reads slowly but goes on reading is left alone, however long one write takes; so is a connection
 * on which nothing waits.
 */
final class WriteTimeout extends ChannelOutboundHandlerAdapter {
    private static final int LOOKS_PER_TIMEOUT = 4;

    private final long longestNanos;
    private boolean looking;
    private long changedAt;
    private @Nullable Waiting seen;

    WriteTimeout(Duration longest) {
        this.longestNanos = longest.toNanos();
    }

    /** What is next in line for the socket, and how much of it went out already. */
    private record Waiting(int message, long gone) {
        static @Nullable Waiting on(Channel channel) {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            return buffer == null || buffer.current() == null
                    ? null
                    : new Waiting(
                            System.identityHashCode(buffer.current()), buffer.currentProgress());
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (!looking) {
            look(context);
        }
    }

    private void look(ChannelHandlerContext context) {
        Waiting now = Waiting.on(context.channel());
        looking = now != null;
        if (now == null) {
            seen = null;
            return;
        }
        if (!now.equals(seen)) {
            seen = now;
            changedAt = System.nanoTime();
        } else if (System.nanoTime() - changedAt >= longestNanos) {
            context.close();
            return;
        }
        context.executor()
                .schedule(
                        () -> look(context),
                        longestNanos / LOOKS_PER_TIMEOUT,
                        TimeUnit.NANOSECONDS);
    }
}
