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
 * decoded, requests the second.
 */
final class HeaderTimeout {
    private final Duration longest;
    private boolean awaitingHeaders = true;
    private @Nullable ScheduledFuture<?> expiry;

    HeaderTimeout(Duration longest) {
        this.longest = longest;
    }

    ChannelInboundHandlerAdapter beforeDecoding() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                if (awaitingHeaders && expiry == null) {
                    expiry =
                            context.executor()
                                    .schedule(
                                            () -> context.close(),
                                            longest.toMillis(),
                                            TimeUnit.MILLISECONDS);
                }
                context.fireChannelRead(bytes);
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                stop();
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
                    stop();
                }
                if (message instanceof LastHttpContent) {
                    awaitingHeaders = true;
                }
                context.fireChannelRead(message);
            }
        };
    }

    private void stop() {
        if (expiry != null) {
            expiry.cancel(false);
            expiry = null;
        }
    }
}
