package dev.atrium.gateway.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.timeout.ReadTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One request on the public port and its answer, as protocol families see them. */
public final class Exchange {
    private static final String JSON = "application/json";

    private final ServerHttpRequest request;
    private final ServerHttpResponse response;
    private final UUID id;
    private final String clientAddress;
    private final Scheduler eventLoop;
    private final BufferedBodies bodies;
    private final List<String> segments;
    private final Map<String, Object> notes = new LinkedHashMap<>();
    private long heldBytes;
    private boolean keepsBody;
    private byte @Nullable [] body;
    private @Nullable AnswerCopy copy;
    private @Nullable Runnable atEnd;
    private @Nullable Consumer<Refusal> refusals;

    Exchange(
            ServerHttpRequest request,
            ServerHttpResponse response,
            UUID id,
            String clientAddress,
            Scheduler eventLoop,
            BufferedBodies bodies) {
        this.request = request;
        this.response = response;
        this.id = id;
        this.clientAddress = clientAddress;
        this.eventLoop = eventLoop;
        this.bodies = bodies;
        this.segments = segments(request.getURI().getRawPath());
    }

    /** The request's id, also the call id when it becomes a call. */
    public UUID id() {
        return id;
    }

    public String method() {
        return request.getMethod().name();
    }

    public String rawPath() {
        return request.getURI().getRawPath();
    }

    /** Decoded path segments without empty ones; an encoded slash separates like a plain one. */
    public List<String> segments() {
        return segments;
    }

    public @Nullable String header(String name) {
        return request.getHeaders().getFirst(name);
    }

    /** All values of a header that should have one. */
    public List<String> headers(String name) {
        return request.getHeaders().getOrEmpty(name);
    }

    /** The query's parameters, decoded. */
    public Map<String, List<String>> parameters() {
        return request.getQueryParams();
    }

    /** The caller's address, as far as trusted proxies tell it. */
    public String clientAddress() {
        return clientAddress;
    }

    /** The thread that serves this connection. */
    public Scheduler eventLoop() {
        return eventLoop;
    }

    /** Adds a fact to the access line. */
    public void note(String name, Object value) {
        notes.put(name, value);
    }

    Map<String, Object> notes() {
        return notes;
    }

    /** Who is told when the request is refused; null when nobody is to know any more. */
    public void whenRefused(@Nullable Consumer<Refusal> told) {
        refusals = told;
    }

    void refused(Refusal refusal) {
        Consumer<Refusal> told = refusals;
        if (told != null) {
            told.accept(refusal);
        }
    }

    public void requireMethod(String method) {
        if (!method.equals(method())) {
            response.getHeaders().set(HttpHeaders.ALLOW, method);
            throw Refusal.of(
                            Refusal.Reason.METHOD_NOT_ALLOWED,
                            "use " + method + " on this path, not " + method())
                    .asException();
        }
    }

    /** Lets the body be asked for more than once. */
    public void keepBody() {
        keepsBody = true;
    }

    /** The JSON body's bytes, of at most this length. */
    public Mono<byte[]> jsonBody(int longest) {
        byte[] kept = body;
        if (kept != null) {
            return Mono.just(kept);
        }
        Mono<byte[]> read = readJson(longest);
        return keepsBody ? read.doOnNext(bytes -> body = bytes) : read;
    }

    private Mono<byte[]> readJson(int longest) {
        String type = header(HttpHeaders.CONTENT_TYPE);
        if (type != null && !isJson(type)) {
            return Mono.error(
                    mediaType("Content-Type " + printable(type) + " is not understood here"));
        }
        String encoding = header(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Mono.error(mediaType("compressed bodies are not understood here"));
        }
        boolean isTooLong = request.getHeaders().getContentLength() > longest;
        if (isTooLong && header(HttpHeaders.EXPECT) != null) {
            // The client asks before it sends, and so loses nothing by an early answer.
            return Mono.error(tooLarge(longest));
        }
        return request.getBody()
                .collect(() -> new CollectedBody(longest, isTooLong), this::add)
                .onErrorMap(Exchange::isUnexpected, Exchange::interrupted)
                .map(Exchange::whole);
    }

    private void add(CollectedBody body, DataBuffer part) {
        body.add(part, this::hold);
        if (body.isTooLong()) {
            release();
        }
        if (body.isHopeless()) {
            throw tooLarge(body.longest());
        }
    }

    private static byte[] whole(CollectedBody body) {
        if (body.isTooLong()) {
            throw tooLarge(body.longest());
        }
        return body.bytes();
    }

    private static boolean isUnexpected(Throwable error) {
        return !(error instanceof RefusedException);
    }

    /** Whatever else ends a body early is the client's doing: it stopped sending, or left. */
    private static Throwable interrupted(Throwable error) {
        return error instanceof ReadTimeoutException
                ? Refusal.of(Refusal.Reason.REQUEST_TIMEOUT, "the body did not arrive in time")
                        .asException()
                : new ClientGoneException();
    }

    private void hold(int bytes) {
        if (!bodies.tryHold(bytes)) {
            throw Refusal.retryable(
                            Refusal.Reason.OVERLOADED,
                            "the gateway is busy with other large requests; try again",
                            Duration.ofSeconds(1))
                    .asException();
        }
        heldBytes += bytes;
    }

    /** Gives the body's memory back to the others. */
    private void release() {
        bodies.letGo(heldBytes);
        heldBytes = 0;
    }

    /**
     * Copies what is answered, and tells when nothing more comes.
     *
     * @param whenOver run once, when the request has ended in whatever way
     */
    public void copyAnswer(AnswerCopy to, Runnable whenOver) {
        copy = to;
        atEnd = whenOver;
    }

    /** The end of the request, whatever it was. */
    void end() {
        release();
        Runnable told = atEnd;
        if (told != null) {
            told.run();
        }
    }

    public void responseHeader(String name, String value) {
        response.getHeaders().set(name, value);
    }

    public boolean isAnswered() {
        return response.isCommitted();
    }

    int status() {
        HttpStatusCode status = response.getStatusCode();
        return status == null ? 0 : status.value();
    }

    /** Answers a complete JSON document. */
    public Mono<Void> answerJson(int status, byte[] body) {
        return answer(status, JSON, body);
    }

    /** Answers a complete document. */
    public Mono<Void> answer(int status, String contentType, byte[] body) {
        if (copy != null) {
            copy.whole(status, contentType, body);
        }
        response.setStatusCode(HttpStatusCode.valueOf(status));
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, contentType);
        response.getHeaders().setContentLength(body.length);
        if (request.getMethod().equals(HttpMethod.HEAD)) {
            return response.setComplete();
        }
        return response.writeWith(Mono.just(wrap(Unpooled.wrappedBuffer(body))));
    }

    /**
     * Answers JSON as it comes.
     *
     * @param length of the whole, -1 when unknown
     */
    public Mono<Void> streamJson(Flux<ByteBuf> body, long length) {
        response.setStatusCode(HttpStatusCode.valueOf(200));
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, JSON);
        if (length >= 0) {
            response.getHeaders().setContentLength(length);
        }
        Flux<ByteBuf> copied = copy == null ? body : copy.of(200, JSON, body);
        return complete(copied.map(this::wrap), response::writeWith);
    }

    /** Answers server-sent events, each flushed at once. */
    public Mono<Void> streamEvents(Flux<byte[]> events) {
        response.setStatusCode(HttpStatusCode.valueOf(200));
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-cache");
        // Or a proxy in front would collect the events.
        response.getHeaders().set("X-Accel-Buffering", "no");
        return complete(
                events.map(event -> Mono.just(wrap(Unpooled.wrappedBuffer(event)))),
                response::writeAndFlushWith);
    }

    /**
     * Writing to a closed connection may end as if all was well; what tells the truth is whether
     * the body was asked for to its end.
     */
    private static <T> Mono<Void> complete(Flux<T> body, Function<Flux<T>, Mono<Void>> write) {
        AtomicBoolean finished = new AtomicBoolean();
        return write.apply(body.doOnComplete(() -> finished.set(true)))
                .then(
                        Mono.defer(() ->
                                finished.get()
                                        ? Mono.empty()
                                        : Mono.error(new ClientGoneException())));
    }

    private DataBuffer wrap(ByteBuf bytes) {
        return ((NettyDataBufferFactory) response.bufferFactory()).wrap(bytes);
    }

    private static boolean isJson(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase(JSON);
    }

    private static RefusedException mediaType(String message) {
        return Refusal.of(
                        Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                        message + "; send Content-Type: application/json, not compressed")
                .asException();
    }

    private static RefusedException tooLarge(int longest) {
        return Refusal.of(
                        Refusal.Reason.BODY_TOO_LARGE,
                        "the body is longer than " + longest + " bytes; send less at a time")
                .asException();
    }

    /** Bad escapes make a segment that no path has, and so a 404. */
    static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        String path;
        try {
            path = URLDecoder.decode(rawPath.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            path = rawPath;
        }
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return List.copyOf(segments);
    }

    /** Text of a caller, fit to be shown back. */
    public static String printable(String text) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
