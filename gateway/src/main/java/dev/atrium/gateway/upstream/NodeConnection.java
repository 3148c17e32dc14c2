package dev.atrium.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a node, which carries one attempt at a time and is given back to its pool when
 * that one's answer has come whole. Whatever else ends an attempt closes it.
 */
final class NodeConnection extends ChannelInboundHandlerAdapter {
    private final NodePool pool;
    private @Nullable Channel channel;
    private @Nullable NodeAttempt current;
    private boolean isInterim;
    private boolean mayStay;
    private long idleSince;

    NodeConnection(NodePool pool) {
        this.pool = pool;
    }

    boolean isActive() {
        return channel().isActive();
    }

    NodeConnection idleNow() {
        idleSince = System.nanoTime();
        return this;
    }

    boolean isIdleSince(long nanos) {
        return idleSince - nanos <= 0;
    }

    void send(NodeAttempt attempt, FullHttpRequest request) {
        current = attempt;
        channel().writeAndFlush(request, channel().voidPromise());
    }

    /** Stops or goes on taking bytes from the node. */
    void read(boolean on) {
        channel().config().setAutoRead(on);
    }

    void close() {
        current = null;
        channel().close();
    }

    private Channel channel() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("not connected yet");
        }
        return open;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        NodeAttempt attempt = current;
        if (attempt == null) {
            // A node that talks without being asked, or goes on after its attempt was cut off.
            ReferenceCountUtil.release(message);
            context.close();
            return;
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            lose(part.decoderResult().cause());
            return;
        }
        if (message instanceof HttpResponse response) {
            begin(attempt, response);
        }
        if (message instanceof HttpContent content) {
            goOn(attempt, content);
        }
    }

    private void begin(NodeAttempt attempt, HttpResponse response) {
        isInterim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (!isInterim) {
            mayStay = HttpUtil.isKeepAlive(response);
            attempt.begins(response);
        }
    }

    private void goOn(NodeAttempt attempt, HttpContent content) {
        ByteBuf bytes = content.content();
        if (bytes.isReadable() && !isInterim) {
            attempt.goesOn(bytes);
        } else {
            content.release();
        }
        if (content instanceof LastHttpContent && !isInterim && current == attempt) {
            end(attempt);
        }
    }

    private void end(NodeAttempt attempt) {
        current = null;
        if (mayStay) {
            read(true);
            pool.free(this);
        } else {
            channel().close();
        }
        attempt.ends();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lose(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lose(cause);
    }

    private void lose(@Nullable Throwable cause) {
        NodeAttempt attempt = current;
        current = null;
        channel().close();
        if (attempt != null) {
            String why = cause == null ? "connection closed" : cause.getClass().getSimpleName();
            attempt.fail(new NodeFailure.Vanished(why));
        }
    }
}
