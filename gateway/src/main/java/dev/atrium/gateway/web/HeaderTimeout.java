package dev.atrium.gateway.web;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose request headers take too long from their first byte on, however
 * steadily they drip. Two handlers of one connection share it: bytes pass the first before they are
 * decoded, requests the second. There is one timer per connection and not one per request, and so
 * it may find that the headers it was started for have long arrived.
 */
final class HeaderTimeout {
    private final long longestNanos;
    private boolean awaitingHeaders = true;
    private boolean begun;
    private long begunAt;
    private @Nullable ScheduledFuture<?> look;

    HeaderTimeout(Duration longest) {
        this.longestNanos = longest.toNanos();
    }

    ChannelInboundHandlerAdapter beforeDecoding() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                if (awaitingHeaders && !begun) {
                    begun = true;
                    begunAt = System.nanoTime();
                    if (look == null) {
                        lookAfter(context, longestNanos);
                    }
                }
                context.fireChannelRead(bytes);
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

    ChannelInboundHandlerAdapter afterDecoding() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof HttpRequest) {
                    awaitingHeaders = false;
                    begun = false;
                }
                if (message instanceof LastHttpContent) {
                    awaitingHeaders = true;
                }
                context.fireChannelRead(message);
            }
        };
    }

    private void lookAfter(ChannelHandlerContext context, long nanos) {
        look = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        look = null;
        if (!begun) {
            return;
        }
        long left = longestNanos - (System.nanoTime() - begunAt);
        if (left <= 0) {
            context.close();
        } else {
            lookAfter(context, left);
        }
    }
}
