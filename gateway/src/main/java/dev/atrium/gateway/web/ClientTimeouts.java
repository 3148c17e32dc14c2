package dev.atrium.gateway.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client lets it wait too long: for complete headers, for the next part
 * of a body, for the whole request, or for another request.
 *
 * <p>Two handlers of one connection share it: bytes pass the first before they are decoded,
 * messages the second. One look at regular times serves all of a connection's requests; timers and
 * handlers for each request, as reactor-netty has them, cost more than decoding it. So a time-out
 * may be noticed late, by half of the shortest one at most.
 */
final class ClientTimeouts {
    private enum Phase {
        SILENT,
        HEADERS,
        BODY
    }

    private final long headerNanos;
    private final long bodyNanos;
    private final long requestNanos;
    private final long idleNanos;
    private Phase phase = Phase.SILENT;
    private long since = System.nanoTime();
    private long asked;
    private boolean isAsked;
    private int unanswered;
    private @Nullable ScheduledFuture<?> look;

    ClientTimeouts(WebProperties properties) {
        this.headerNanos = properties.headerTimeout().toNanos();
        this.bodyNanos = properties.bodyTimeout().toNanos();
        this.requestNanos = properties.requestTimeout().toNanos();
        this.idleNanos = properties.idleTimeout().toNanos();
    }

    ChannelDuplexHandler beforeDecoding() {
        return new ChannelDuplexHandler() {
            @Override
            public void read(ChannelHandlerContext context) {
                if (phase == Phase.BODY && !isAsked) {
                    isAsked = true;
                    asked = System.nanoTime();
                }
                context.read();
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                isAsked = false;
                if (phase == Phase.SILENT) {
                    phase = Phase.HEADERS;
                    since = System.nanoTime();
                }
                context.fireChannelRead(bytes);
            }
        };
    }

    ChannelDuplexHandler afterDecoding() {
        return new ChannelDuplexHandler() {
            @Override
            public void handlerAdded(ChannelHandlerContext context) {
                lookAfter(context, idleNanos);
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof HttpRequest) {
                    phase = Phase.BODY;
                    since = System.nanoTime();
                    unanswered++;
                }
                if (message instanceof LastHttpContent) {
                    phase = Phase.SILENT;
                }
                context.fireChannelRead(message);
            }

            @Override
            public void write(
                    ChannelHandlerContext context, Object message, ChannelPromise promise) {
                if (message instanceof LastHttpContent && !isInterim(message)) {
                    unanswered--;
                    if (phase == Phase.SILENT) {
                        since = System.nanoTime();
                    }
                }
                context.write(message, promise);
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                if (look != null) {
                    look.cancel(false);
                }
                context.fireChannelInactive();
            }
        };
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /** Soon enough for whatever the client may do until then. */
    private void lookAfter(ChannelHandlerContext context, long nanos) {
        long soon = Math.min(headerNanos, bodyNanos) / 2;
        look =
                context.executor()
                        .schedule(() -> look(context), Math.min(nanos, soon), TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (phase == Phase.SILENT && isWaitedForBy(context.channel())) {
            since = now;
        }
        long left = left(now);
        if (left > 0) {
            lookAfter(context, left);
            return;
        }
        if (phase == Phase.BODY) {
            // Somebody waits for the body, and may still say so to a client that listens.
            context.fireExceptionCaught(ReadTimeoutException.INSTANCE);
        }
        context.close();
    }

    /**
     * Whether an answer is still to be made or taken; how long that may take is others' business.
     */
    private boolean isWaitedForBy(Channel channel) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return unanswered > 0 || (waiting != null && !waiting.isEmpty());
    }

    private long left(long now) {
        long passed = now - since;
        return switch (phase) {
            case HEADERS -> headerNanos - passed;
            case BODY ->
                    Math.min(
                            requestNanos - passed,
                            // What was not asked for, nobody can be late with.
                            isAsked ? bodyNanos - (now - asked) : requestNanos);
            case SILENT -> idleNanos - passed;
        };
    }
}
