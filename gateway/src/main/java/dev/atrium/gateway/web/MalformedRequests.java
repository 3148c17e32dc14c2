package dev.atrium.gateway.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the answer to what is not HTTP the error body of its path. Such a request never becomes an
 * {@link Exchange}: reactor-netty answers it with a bare status, in its turn among the pipelined
 * ones, and closes the connection.
 */
final class MalformedRequests extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MalformedRequests.class);

    private final ApiFamilies families;
    private final CallIds ids;
    private boolean malformed;
    private String uri = "";

    MalformedRequests(ApiFamilies families, CallIds ids) {
        this.families = families;
        this.ids = ids;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            uri = request.uri();
        }
        if (message instanceof DecoderResultProvider part && part.decoderResult().isFailure()) {
            malformed = true;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        Object answer =
                malformed && message instanceof FullHttpResponse response && isBare(response)
                        ? explained(response)
                        : message;
        context.write(answer, promise);
    }

    private static boolean isBare(FullHttpResponse response) {
        return response.status().code() >= 400
                && !response.content().isReadable()
                && response.headers().containsValue("connection", HttpHeaderValues.CLOSE, true)
                && "0".equals(response.headers().get(HttpHeaderNames.CONTENT_LENGTH));
    }

    private FullHttpResponse explained(FullHttpResponse bare) {
        UUID id = ids.next();
        LOG.info("request {} is refused: {}", id, bare.status());
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        ByteBuf body =
                Unpooled.wrappedBuffer(
                        families.of(Exchange.segments(path))
                                .errorBody(Refusal.invalid(message(bare.status()), null)));
        FullHttpResponse answer = bare.replace(body);
        bare.release();
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set("x-request-id", id);
        return answer;
    }

    private static String message(HttpResponseStatus status) {
        return switch (status.code()) {
            case 414 -> "the request line is too long";
            case 413, 431 -> "the request headers are too long";
            default -> "the request is not valid HTTP";
        };
    }
}
