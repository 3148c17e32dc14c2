package dev.atrium.gateway.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.atrium.node.api.Preference;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One request to a node and its answer, bounded by one deadline from the wait for a connection to
 * the last byte. Everything but {@link #answer} and {@link #over} happens on the event loop.
 */
final class NodeAttempt {
    private final NodeConnections connections;
    private final String nodeUrl;
    private final String path;
    private final String grant;
    private final String contentType;
    private final byte[] content;
    private final Duration longest;
    private final Duration wait;
    private final AnswerBody body = new AnswerBody(this);
    private @Nullable MonoSink<NodeAnswer> sink;
    private @Nullable NodeConnection connection;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean hasHead;
    private boolean isOver;

    NodeAttempt(
            NodeConnections connections,
            String nodeUrl,
            String path,
            String grant,
            String contentType,
            byte[] content,
            Duration longest,
            Duration wait) {
        this.connections = connections;
        this.nodeUrl = nodeUrl;
        this.path = path;
        this.grant = grant;
        this.contentType = contentType;
        this.content = content;
        this.longest = longest;
        this.wait = wait;
    }

    /** Sends the request when subscribed; the head of the answer, whatever its status is. */
    Mono<NodeAnswer> answer() {
        return Mono.create(head -> {
            sink = head;
            onLoop(this::begin);
        });
    }

    /** Nobody waits any more: an answer that is not whole is cut off. */
    void over() {
        onLoop(() -> {
            body.discard();
            cutOff();
        });
    }

    void onLoop(Runnable what) {
        EventLoop loop = connections.loop();
        if (loop.inEventLoop()) {
            what.run();
        } else {
            loop.execute(what);
        }
    }

    private void begin() {
        if (isOver) {
            return;
        }
        deadline =
                connections.loop().schedule(this::tooLate, longest.toNanos(), TimeUnit.NANOSECONDS);
        try {
            connections.of(nodeUrl).serve(this);
        } catch (IllegalArgumentException e) {
            fail(new NodeFailure.Unreachable("no URL of a node"));
        }
    }

    boolean isOver() {
        return isOver;
    }

    /** Goes out over this connection, which is the attempt's until the answer is whole. */
    void send(NodeConnection free, NodeAddress address) {
        connection = free;
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.POST,
                        address.path() + path,
                        Unpooled.wrappedBuffer(content),
                        // All values are the gateway's own, or looked at.
                        DefaultHttpHeadersFactory.headersFactory().withValidation(false),
                        DefaultHttpHeadersFactory.trailersFactory());
        request.headers()
                .set(HttpHeaderNames.HOST, address.authority())
                // Written as it is; characters of a string are copied one by one.
                .set(NodeClient.GRANT, new AsciiString(grant.getBytes(ISO_8859_1), false))
                .set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(content.length));
        if (!contentType.isEmpty()) {
            request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        if (wait.isPositive()) {
            request.headers().set(NodeClient.WAIT, Preference.waiting(wait));
        }
        free.send(this, request);
    }

    void begins(HttpResponse response) {
        hasHead = true;
        Objects.requireNonNull(sink)
                .success(new NodeAnswer(response.status().code(), response.headers(), body));
    }

    void goesOn(ByteBuf part) {
        body.add(part);
    }

    /** The answer is whole, and the connection is no longer this one's. */
    void ends() {
        connection = null;
        settle();
        body.end(null);
    }

    void fail(NodeFailure failure) {
        connection = null;
        if (!settle()) {
            return;
        }
        if (hasHead) {
            body.end(failure);
        } else {
            Objects.requireNonNull(sink).error(failure);
        }
    }

    private void tooLate() {
        NodeConnection broken = connection;
        NodeFailure failure = new NodeFailure.TooLate();
        if (broken != null) {
            broken.close();
        }
        body.endNow(failure);
        fail(failure);
    }

    void cutOff() {
        NodeConnection cut = connection;
        connection = null;
        settle();
        if (cut != null) {
            cut.close();
        }
    }

    void read(boolean on) {
        NodeConnection open = connection;
        if (open != null) {
            open.read(on);
        }
    }

    /**
     * @return whether it was not over before
     */
    private boolean settle() {
        if (isOver) {
            return false;
        }
        isOver = true;
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        return true;
    }
}
