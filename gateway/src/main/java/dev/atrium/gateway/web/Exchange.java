package dev.atrium.gateway.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.AsciiString;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.NettyOutbound;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** One request on the public port and its answer, as protocol families see them. */
public final class Exchange {
    private static final String JSON = "application/json";
    private static final String CONTENT_TYPE = "content-type";
    private static final String CONTENT_LENGTH = "content-length";
    private static final String CONTENT_ENCODING = "content-encoding";
    private static final String EXPECT = "expect";
    private static final int OK = 200;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final UUID id;
    private final String clientAddress;
    private final EventLoop loop;
    private final Scheduler eventLoop;
    private final BufferedBodies bodies;
    private final String rawPath;
    private final List<String> segments;
    private final Map<String, Object> notes = new LinkedHashMap<>();
    private int status;
    private long heldBytes;
    private boolean keepsBody;
    private byte @Nullable [] body;
    private @Nullable AnswerCopy copy;
    private @Nullable Runnable atEnd;
    private volatile @Nullable Unattended unattended;
    private @Nullable Consumer<Refusal> refusals;
    private @Nullable Runnable atAnswer;

    Exchange(
            HttpServerRequest request,
            HttpServerResponse response,
            UUID id,
            String clientAddress,
            EventLoop loop,
            Scheduler eventLoop,
            BufferedBodies bodies) {
        this.request = request;
        this.response = response;
        this.id = id;
        this.clientAddress = clientAddress;
        this.loop = loop;
        this.eventLoop = eventLoop;
        this.bodies = bodies;
        this.rawPath = rawPath(request.uri());
        this.segments = segments(rawPath);
    }

    /** The request's id, also the call id when it becomes a call. */
    public UUID id() {
        return id;
    }

    public String method() {
        return request.method().name();
    }

    public String rawPath() {
        return rawPath;
    }

    /** Decoded path segments without empty ones; an encoded slash separates like a plain one. */
    public List<String> segments() {
        return segments;
    }

    public @Nullable String header(String name) {
        return request.requestHeaders().get(name);
    }

    /** All values of a header that should have one. */
    public List<String> headers(String name) {
        return request.requestHeaders().getAll(name);
    }

    /** The query as it came; empty without one. */
    public String query() {
        int mark = request.uri().indexOf('?');
        return mark < 0 ? "" : request.uri().substring(mark + 1);
    }

    /** The query's parameters, decoded. */
    public Map<String, List<String>> parameters() {
        try {
            return new QueryStringDecoder(request.uri()).parameters();
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("the query is not a valid one", null).asException();
        }
    }

    /** The caller's address, as far as trusted proxies tell it. */
    public String clientAddress() {
        return clientAddress;
    }

    /** The thread that serves this connection. */
    public EventLoop loop() {
        return loop;
    }

    /** The same thread for operators. */
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

    public void requireMethod(String... methods) {
        if (!Arrays.asList(methods).contains(method())) {
            responseHeader(HttpHeaderNames.ALLOW, String.join(", ", methods));
            throw Refusal.of(
                            Refusal.Reason.METHOD_NOT_ALLOWED,
                            "use " + methods[0] + " on this path, not " + method())
                    .asException();
        }
    }

    /** Lets the body be asked for more than once. */
    public void keepBody() {
        keepsBody = true;
    }

    /** The JSON body's bytes, of at most this length. */
    public Mono<byte[]> jsonBody(int longest) {
        String type = header(CONTENT_TYPE);
        if (type != null && !isJson(type)) {
            return Mono.error(
                    mediaType(
                            "Content-Type "
                                    + printable(type)
                                    + " is not understood here; send Content-Type:"
                                    + " application/json"));
        }
        return body(longest);
    }

    /** The body's bytes, of whatever type and of at most this length. */
    public Mono<byte[]> body(int longest) {
        byte[] kept = body;
        if (kept != null) {
            return Mono.just(kept);
        }
        Mono<byte[]> read = read(longest);
        return keepsBody ? read.doOnNext(bytes -> body = bytes) : read;
    }

    private Mono<byte[]> read(int longest) {
        String encoding = header(CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Mono.error(mediaType("compressed bodies are not understood here"));
        }
        boolean isTooLong = contentLength() > longest;
        if (isTooLong && header(EXPECT) != null) {
            // The client asks before it sends, and so loses nothing by an early answer.
            return Mono.error(tooLarge(longest));
        }
        return request.receive()
                .collect(() -> new CollectedBody(longest, isTooLong), this::add)
                .onErrorMap(Exchange::isUnexpected, Exchange::interrupted)
                .map(Exchange::whole);
    }

    private long contentLength() {
        String text = header(CONTENT_LENGTH);
        return text == null ? -1 : Long.parseLong(text);
    }

    private void add(CollectedBody body, ByteBuf part) {
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

    /** The longest answer that is copied, which must be held whole for that; 0 without a copy. */
    public int longestCopied() {
        return copy == null ? 0 : copy.longest();
    }

    /**
     * From here on the request is served to its end, and its answer copied, also without its
     * client.
     *
     * @param whenLeft run once, should the client leave before that end
     */
    public void outliveClient(Runnable whenLeft) {
        unattended = new Unattended(whenLeft);
    }

    /** Ends the request, unless it outlives its client. */
    void clientLeft(Disposable request) {
        Unattended alone = unattended;
        if (alone == null) {
            request.dispose();
        } else {
            alone.leave();
        }
    }

    /** Whether the request goes on though its client has left. */
    boolean isAlone() {
        Unattended alone = unattended;
        return alone != null && alone.hasLeft();
    }

    /** The end of the request, whatever it was. */
    void end() {
        release();
        Runnable told = atEnd;
        if (told != null) {
            told.run();
        }
    }

    /**
     * @param headers adds what is only known when the answer begins
     */
    public void atAnswer(Runnable headers) {
        atAnswer = headers;
    }

    public void responseHeader(CharSequence name, String value) {
        // Bytes are checked and written faster than characters.
        response.responseHeaders()
                .set(name, new AsciiString(value.getBytes(StandardCharsets.ISO_8859_1), false));
    }

    public boolean isAnswered() {
        return response.hasSentHeaders();
    }

    /** 0 while there is none. */
    int status() {
        return status;
    }

    private void begin(int status, CharSequence contentType) {
        Runnable more = atAnswer;
        if (more != null) {
            more.run();
        }
        this.status = status;
        response.status(status);
        response.responseHeaders().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    }

    private void length(long bytes) {
        response.responseHeaders().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(bytes));
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
        Unattended alone = unattended;
        return alone == null
                ? send(status, contentType, body)
                : alone.whole(() -> send(status, contentType, body));
    }

    private Mono<Void> send(int status, String contentType, byte[] body) {
        begin(status, contentType);
        length(body.length);
        if (request.method().equals(HttpMethod.HEAD)) {
            return response.send();
        }
        return response.sendObject(Unpooled.wrappedBuffer(body)).then();
    }

    /**
     * Answers JSON as it comes, of which no copy is made.
     *
     * @param length of the whole, -1 when unknown
     */
    public Mono<Void> stream(String contentType, Flux<ByteBuf> body, long length) {
        Flux<ByteBuf> passing = copy == null ? body : copy.tooLong(OK, contentType, body);
        Unattended alone = unattended;
        return alone == null
                ? send(contentType, passing, length)
                : alone.passing(() -> send(contentType, passing, length));
    }

    private Mono<Void> send(String contentType, Flux<ByteBuf> body, long length) {
        begin(OK, contentType);
        if (length >= 0) {
            length(length);
        }
        return complete(body, response::send);
    }

    /** Answers server-sent events, each flushed at once. */
    public Mono<Void> streamEvents(Flux<byte[]> events) {
        begin(OK, "text/event-stream; charset=utf-8");
        response.responseHeaders().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
        // Or a proxy in front would collect the events.
        responseHeader("X-Accel-Buffering", "no");
        return complete(
                events.map(Unpooled::wrappedBuffer), body -> response.send(body, event -> true));
    }

    /**
     * Writing to a closed connection may end as if all was well; what tells the truth is whether
     * the body was asked for to its end.
     */
    private static Mono<Void> complete(
            Flux<ByteBuf> body, Function<Flux<ByteBuf>, NettyOutbound> write) {
        AtomicBoolean finished = new AtomicBoolean();
        return write.apply(body.doOnComplete(() -> finished.set(true)))
                .then()
                .then(
                        Mono.defer(() ->
                                finished.get()
                                        ? Mono.empty()
                                        : Mono.error(new ClientGoneException())));
    }

    private static boolean isJson(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase(JSON);
    }

    private static RefusedException mediaType(String message) {
        return Refusal.of(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE, message).asException();
    }

    private static RefusedException tooLarge(int longest) {
        return Refusal.of(
                        Refusal.Reason.BODY_TOO_LARGE,
                        "the body is longer than " + longest + " bytes; send less at a time")
                .asException();
    }

    /** Of the target of a request, which names a server too where a proxy is asked. */
    private static String rawPath(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (path.startsWith("/")) {
            return path;
        }
        int authority = path.indexOf("://");
        int begin = authority < 0 ? -1 : path.indexOf('/', authority + 3);
        return begin < 0 ? "/" : path.substring(begin);
    }

    /** Bad escapes make a segment that no path has, and so a 404. */
    static List<String> segments(String rawPath) {
        String path = decoded(rawPath);
        List<String> segments = new ArrayList<>(6);
        int begin = 0;
        while (begin < path.length()) {
            int slash = path.indexOf('/', begin);
            int end = slash < 0 ? path.length() : slash;
            if (end > begin) {
                segments.add(path.substring(begin, end));
            }
            begin = end + 1;
        }
        return List.copyOf(segments);
    }

    private static String decoded(String rawPath) {
        if (rawPath.indexOf('%') < 0) {
            return rawPath;
        }
        try {
            return URLDecoder.decode(rawPath.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return rawPath;
        }
    }

    /** Text of a caller, fit to be shown back. */
    public static String printable(String text) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
