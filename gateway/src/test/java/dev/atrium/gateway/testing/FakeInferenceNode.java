package dev.atrium.gateway.testing;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.GrantCodec;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.node.GrantKey;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.usage.Media;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A small real node: checks grants as a node must, plays the scripted behaviour, and keeps account
 * of every execution, so that tests can compare it with the ledger.
 */
public final class FakeInferenceNode implements AutoCloseable {
    public static final int DIMENSIONS = 4;

    /** How long it says that loading takes. */
    public static final int LOAD_SECONDS = 7;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern JSON_LENGTH = Pattern.compile("[?]header=(\\d+)");

    private final NodeId id = new NodeId(UUID.randomUUID());
    private final GrantKey key;
    private final DisposableServer server;
    private final Map<UUID, List<Execution>> executions = new ConcurrentHashMap<>();
    private final Map<UUID, List<String>> waits = new ConcurrentHashMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Set<String> neverToBegin = ConcurrentHashMap.newKeySet();
    private final List<String> leakedCredentials = new CopyOnWriteArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger computing = new AtomicInteger();
    private final AtomicInteger mostComputing = new AtomicInteger();
    private final AtomicInteger refusedGrants = new AtomicInteger();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger endsAsked = new AtomicInteger();
    private final AtomicInteger endsToBreak = new AtomicInteger();
    private volatile boolean mute;
    private volatile Sinks.Empty<Void> goingOn = Sinks.empty();
    private volatile @Nullable String usageHeader;
    private volatile Function<Grant, Script> scripts = grant -> Script.answer();

    public FakeInferenceNode(FakeRegistry registry) {
        this.key = registry.grantKeyFor(id);
        goOn();
        this.server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .httpRequestDecoder(spec -> spec.maxInitialLineLength(8_192))
                        .handle(this::handle)
                        .bindNow();
    }

    /** How one execution went. */
    public static final class Execution {
        private final Grant grant;
        private final Sinks.Empty<Void> stop = Sinks.empty();
        private final Sinks.Empty<Void> end = Sinks.empty();
        private final AtomicBoolean atWork = new AtomicBoolean(true);
        private volatile boolean cancelled;
        private boolean ended;
        private final @Nullable NodeUsage said;
        private volatile NodeUsage usage;

        Execution(Grant grant, @Nullable NodeUsage said) {
            this.grant = grant;
            this.said = said;
            this.usage = said == null ? NodeUsage.NONE : said;
        }

        /** What is still on its way to be made when it has ended never is. */
        private synchronized void used(NodeUsage real) {
            if (!ended) {
                usage = said == null ? real : said;
            }
        }

        private void ended() {
            synchronized (this) {
                ended = true;
            }
            end.tryEmitEmpty();
        }

        public Grant grant() {
            return grant;
        }

        public boolean isCancelled() {
            return cancelled;
        }

        public NodeUsage usage() {
            return usage;
        }
    }

    /**
     * What to do with a call.
     *
     * @param delay before anything is answered
     * @param tokens of a generation
     * @param width characters of each
     * @param pace between two of them
     * @param usage what the node says that it used, from the beginning; null for the real figures
     */
    public record Script(
            Kind kind,
            Duration delay,
            int tokens,
            int width,
            Duration pace,
            NodeError error,
            @Nullable NodeUsage usage) {
        public enum Kind {
            ANSWER,
            REFUSE,
            DROP_BEFORE_ANSWER,
            DROP_MIDWAY,
            FAIL_MIDWAY,
            /** Waits in the node's queue until the delay is over. */
            QUEUE,
            END_TOO_EARLY,
            NO_USAGE,
            GARBAGE
        }

        private static final NodeError FAILED =
                new NodeError(NodeError.MODEL_FAILED, "the model failed");

        public static Script answer() {
            return new Script(Kind.ANSWER, Duration.ZERO, 5, 0, Duration.ZERO, FAILED, null);
        }

        public static Script refuse(String code, String message) {
            return refuse(new NodeError(code, message));
        }

        /** Because of this part of the input. */
        public static Script refuseAbout(String param, String message) {
            return refuse(new NodeError(NodeError.INVALID_INPUT, message, param));
        }

        private static Script refuse(NodeError error) {
            return new Script(Kind.REFUSE, Duration.ZERO, 0, 0, Duration.ZERO, error, null);
        }

        public static Script of(Kind kind) {
            return new Script(kind, Duration.ZERO, 5, 0, Duration.ofMillis(1), FAILED, null);
        }

        public Script after(Duration wait) {
            return new Script(kind, wait, tokens, width, pace, error, usage);
        }

        public Script tokens(int count, Duration each) {
            return new Script(kind, delay, count, width, each, error, usage);
        }

        /** Tokens of at least so many characters. */
        public Script wide(int characters) {
            return new Script(kind, delay, tokens, characters, pace, error, usage);
        }

        /** Says, from the beginning, that it used this. */
        public Script using(NodeUsage said) {
            return new Script(kind, delay, tokens, width, pace, error, said);
        }
    }

    public NodeId id() {
        return id;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    public void script(Function<Grant, Script> behaviour) {
        scripts = behaviour;
    }

    public void script(Script behaviour) {
        scripts = grant -> behaviour;
    }

    public Map<UUID, List<Execution>> executions() {
        return executions;
    }

    public List<Execution> executionsOf(UUID call) {
        return executions.getOrDefault(call, List.of());
    }

    /** The waits of the last attempt of each call that came here, as the gateway wrote them. */
    public Map<UUID, List<String>> waits() {
        return waits;
    }

    /** Executions that have neither ended nor been cancelled. */
    public int running() {
        return running.get();
    }

    /**
     * Most executions at a time since {@link #forgetMost}. One ends with its last result, before
     * that is sent: whoever has it may begin another call.
     */
    public int most() {
        return mostComputing.get();
    }

    public void forgetMost() {
        mostComputing.set(0);
    }

    /** Calls that wait for their turn. */
    public int queued() {
        return queued.get();
    }

    /** From now on calls wait where they are, in the queue or running, until {@link #goOn}. */
    public void hold() {
        goingOn = Sinks.empty();
    }

    public void goOn() {
        goingOn.tryEmitEmpty();
    }

    private Mono<Void> waitsFor(Script script) {
        return Mono.delay(script.delay()).then(Mono.defer(() -> goingOn.asMono()));
    }

    /** Says nothing of how attempts ended. */
    public void mute(boolean isMute) {
        mute = isMute;
    }

    /** Says this of usage, letter by letter, in answers that are no streams; null for its own. */
    public void usageHeader(@Nullable String text) {
        usageHeader = text;
    }

    /** Breaks the connections of those that ask next how an attempt ended. */
    public void breakEnds(int count) {
        endsToBreak.set(count);
    }

    /** How often the end of an attempt was asked for. */
    public int endsAsked() {
        return endsAsked.get();
    }

    public int refusedGrants() {
        return refusedGrants.get();
    }

    /** Credentials of callers that came this far, which none may. */
    public List<String> leakedCredentials() {
        return leakedCredentials;
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        String authorization = request.requestHeaders().get("Authorization");
        if (authorization != null) {
            leakedCredentials.add(authorization);
        }
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> Mono.from(answer(request, response, body)));
    }

    private Publisher<Void> answer(
            HttpServerRequest request, HttpServerResponse response, byte[] body) {
        if (request.uri().equals(NodeProtocol.END)) {
            return end(request, response);
        }
        Grant grant = accept(request).orElse(null);
        if (grant == null) {
            refusedGrants.incrementAndGet();
            return refuse(response, new NodeError(NodeError.INVALID_GRANT, "no valid grant"));
        }
        waits.put(grant.callId(), request.requestHeaders().getAll(NodeProtocol.WAIT_HEADER));
        Script script = scripts.apply(grant);
        if (script.kind() == Script.Kind.REFUSE) {
            if (script.usage() != null) {
                response.header(NodeProtocol.USAGE_HEADER, JSON.writeValueAsString(script.usage()));
            }
            return Mono.delay(script.delay()).thenMany(refuse(response, script.error()));
        }
        if (script.kind() == Script.Kind.QUEUE) {
            queued.incrementAndGet();
            return waitsFor(script)
                    .doFinally(signal -> queued.decrementAndGet())
                    .then(
                            Mono.defer(() ->
                                    execute(Script.answer(), grant, request, response, body)));
        }
        return execute(script, grant, request, response, body);
    }

    private Mono<Void> execute(
            Script script,
            Grant grant,
            HttpServerRequest request,
            HttpServerResponse response,
            byte[] body) {
        Execution execution = new Execution(grant, script.usage());
        if (!begin(execution)) {
            return refuse(response, new NodeError(NodeError.INVALID_GRANT, "ended before"));
        }
        running.incrementAndGet();
        mostComputing.accumulateAndGet(computing.incrementAndGet(), Math::max);
        Mono<Void> work =
                waitsFor(script)
                        .then(Mono.defer(() -> play(script, execution, request, response, body)))
                        .doOnCancel(() -> execution.cancelled = true)
                        .doFinally(signal -> {
                            running.decrementAndGet();
                            computed(execution);
                            execution.ended();
                        });
        // Ends this answer on a thread of its own: what goes wrong there, as on a connection that
        // is gone, is no trouble of who asked for the end.
        return Mono.firstWithSignal(work, execution.stop.asMono().publishOn(Schedulers.parallel()));
    }

    private synchronized boolean begin(Execution execution) {
        if (neverToBegin.contains(attempt(execution.grant()))) {
            return false;
        }
        executions
                .computeIfAbsent(execution.grant().callId(), call -> new CopyOnWriteArrayList<>())
                .add(execution);
        return true;
    }

    private static String attempt(Grant grant) {
        return grant.callId() + "/" + grant.attempt();
    }

    private void computed(Execution execution) {
        if (execution.atWork.compareAndSet(true, false)) {
            computing.decrementAndGet();
        }
    }

    /** Like a node, it knows the end of what it has seen and never begins what it has not. */
    private Publisher<Void> end(HttpServerRequest request, HttpServerResponse response) {
        Grant grant = verified(request).orElse(null);
        if (grant == null) {
            refusedGrants.incrementAndGet();
            return refuse(response, new NodeError(NodeError.INVALID_GRANT, "no valid grant"));
        }
        endsAsked.incrementAndGet();
        if (mute) {
            return Mono.never();
        }
        if (endsToBreak.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return drop(request);
        }
        Execution execution = lastChance(grant);
        if (execution == null) {
            return lastWord(response, AttemptEnd.NOT_COMPUTED);
        }
        execution.stop.tryEmitEmpty();
        return execution
                .end
                .asMono()
                .then(
                        Mono.defer(
                                () -> lastWord(response, new AttemptEnd(true, execution.usage()))));
    }

    /** Null where the attempt has not begun, which from now on it must not. */
    private synchronized @Nullable Execution lastChance(Grant grant) {
        seen.add(attempt(grant));
        Execution execution =
                executionsOf(grant.callId()).stream()
                        .filter(each -> each.grant().attempt() == grant.attempt())
                        .findFirst()
                        .orElse(null);
        if (execution == null) {
            neverToBegin.add(attempt(grant));
        }
        return execution;
    }

    private static Mono<Void> lastWord(HttpServerResponse response, AttemptEnd end) {
        return response.header("Content-Type", "application/json")
                .sendByteArray(Mono.just(JSON.writeValueAsBytes(end)))
                .then();
    }

    private Optional<Grant> accept(HttpServerRequest request) {
        return verified(request)
                .filter(it -> request.uri().contains(it.versionId().toString()))
                .filter(it -> seen.add(attempt(it)));
    }

    private Optional<Grant> verified(HttpServerRequest request) {
        String text = request.requestHeaders().get(NodeProtocol.GRANT_HEADER);
        Optional<Grant> grant =
                text == null
                        ? Optional.empty()
                        : GrantCodec.verify(
                                text, keyId -> keyId.equals(key.keyId()) ? key.key() : null);
        Instant now = Instant.now();
        return grant.filter(it -> it.nodeId().equals(id.value()))
                .filter(it -> it.issuedAt().minusSeconds(30).isBefore(now))
                .filter(it -> it.expiresAt().plusSeconds(30).isAfter(now));
    }

    private static Mono<Void> refuse(HttpServerResponse response, NodeError error) {
        int status =
                switch (error.code()) {
                    case NodeError.INVALID_INPUT, NodeError.CONTEXT_LENGTH_EXCEEDED -> 400;
                    case NodeError.INPUT_TOO_LARGE -> 413;
                    case NodeError.UNSUPPORTED_MEDIA_TYPE -> 415;
                    case NodeError.INVALID_GRANT -> 401;
                    case NodeError.NOT_LOADED -> 404;
                    case NodeError.NOT_READY, NodeError.LOADING -> 503;
                    case NodeError.UNSUPPORTED -> 501;
                    case NodeError.DEADLINE_EXCEEDED -> 504;
                    default -> 500;
                };
        if (error.code().equals(NodeError.LOADING)) {
            response.header("Retry-After", Integer.toString(LOAD_SECONDS));
        }
        return response.status(status)
                .header("Content-Type", "application/json")
                .sendByteArray(Mono.just(JSON.writeValueAsBytes(error)))
                .then();
    }

    private Mono<Void> play(
            Script script,
            Execution execution,
            HttpServerRequest request,
            HttpServerResponse response,
            byte[] body) {
        if (script.kind() == Script.Kind.DROP_BEFORE_ANSWER) {
            return drop(request);
        }
        String uri = request.uri();
        if (uri.endsWith("/embed")) {
            return embed(script, execution, request, response, body);
        }
        if (uri.contains("/predict")) {
            return predict(script, execution, request, response, body);
        }
        return uri.endsWith("/chat")
                ? chat(script, execution, request, response)
                : infer(script, execution, request, response, body);
    }

    /** Says what it was asked: type, length and query; of sound also a text. */
    private Mono<Void> predict(
            Script script,
            Execution execution,
            HttpServerRequest request,
            HttpServerResponse response,
            byte[] body) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("model", execution.grant().modelName());
        answer.put("type", request.requestHeaders().get("Content-Type"));
        answer.put("bytes", body.length);
        answer.put("uri", request.uri());
        String type = request.requestHeaders().get("Content-Type", "");
        if (type.startsWith("audio/")) {
            answer.put("text", "heard " + body.length + " bytes \u00b5");
        }
        execution.used(new NodeUsage(3, 0, 2_000).of(media(type)));
        response.header("Content-Type", "application/json");
        return complete(script, execution, request, response, JSON.writeValueAsBytes(answer));
    }

    private static @Nullable Media media(String type) {
        if (type.startsWith("audio/")) {
            return new Media(0, 1_250);
        }
        return type.startsWith("image/") ? new Media(1, 0) : null;
    }

    private static Mono<Void> drop(HttpServerRequest request) {
        return Mono.fromRunnable(() -> request.withConnection(Connection::dispose));
    }

    private Mono<Void> embed(
            Script script,
            Execution execution,
            HttpServerRequest request,
            HttpServerResponse response,
            byte[] body) {
        List<String> inputs = JSON.readValue(body, EmbedRequest.class).inputs();
        ByteBuffer matrix =
                ByteBuffer.allocate(inputs.size() * DIMENSIONS * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        inputs.forEach(text -> embedding(text).forEach(matrix::putFloat));
        execution.used(new NodeUsage(inputs.size() * 3L, 0, 1_000));
        response.header("Content-Type", "application/octet-stream")
                .header(NodeProtocol.SHAPE_HEADER, inputs.size() + "," + DIMENSIONS);
        return complete(script, execution, request, response, matrix.array());
    }

    /** The embedding that this node makes of a text. */
    public static List<Float> embedding(String text) {
        int hash = text.hashCode();
        return List.of((float) text.length(), hash % 1_000 / 7f, 0.5f, -1e-5f);
    }

    private Mono<Void> infer(
            Script script,
            Execution execution,
            HttpServerRequest request,
            HttpServerResponse response,
            byte[] body) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("model_name", execution.grant().modelName());
        answer.put("model_version", Integer.toString(execution.grant().version()));
        Matcher header = JSON_LENGTH.matcher(request.uri());
        int jsonLength = header.find() ? Integer.parseInt(header.group(1)) : body.length;
        if (request.uri().contains("binary=false")) {
            answer.put("binary", false);
        }
        if (JSON.readTree(Arrays.copyOf(body, jsonLength)) instanceof ObjectNode asked) {
            if (asked.has("id")) {
                answer.set("id", asked.get("id"));
            }
            answer.set("outputs", asked.path("inputs"));
        }
        execution.used(new NodeUsage(0, 0, 2_000));
        byte[] json = JSON.writeValueAsBytes(answer);
        if (jsonLength == body.length) {
            response.header("Content-Type", "application/json");
            return complete(script, execution, request, response, json);
        }
        // What stood behind the JSON stands behind the answer's.
        byte[] whole = Arrays.copyOf(json, json.length + body.length - jsonLength);
        System.arraycopy(body, jsonLength, whole, json.length, body.length - jsonLength);
        response.header("Content-Type", "application/octet-stream")
                .header(NodeProtocol.JSON_LENGTH_HEADER, Integer.toString(json.length));
        return complete(script, execution, request, response, whole);
    }

    private Mono<Void> complete(
            Script script,
            Execution execution,
            HttpServerRequest request,
            HttpServerResponse response,
            byte[] content) {
        if (script.kind() != Script.Kind.NO_USAGE) {
            String said = usageHeader;
            response.header(
                    NodeProtocol.USAGE_HEADER,
                    said == null ? JSON.writeValueAsString(execution.usage) : said);
        }
        byte[] sent = script.kind() == Script.Kind.GARBAGE ? new byte[] {1, 2, 3} : content;
        response.header("Content-Length", Integer.toString(sent.length));
        computed(execution);
        if (script.kind() == Script.Kind.DROP_MIDWAY) {
            ByteBuf half = Unpooled.wrappedBuffer(sent, 0, sent.length / 2);
            return response.sendGroups(
                            Flux.just(Mono.just(half))
                                    .concatWith(
                                            Mono.delay(Duration.ofMillis(100))
                                                    .then(drop(request))
                                                    .then(Mono.empty())))
                    .then();
        }
        return response.sendByteArray(Mono.just(sent)).then();
    }

    private Mono<Void> chat(
            Script script,
            Execution execution,
            HttpServerRequest request,
            HttpServerResponse response) {
        String padding = "x".repeat(script.width());
        Flux<String> tokens =
                Flux.range(1, tokens(script, execution.grant()))
                        .concatMap(number ->
                                script.pace().isZero()
                                        ? Mono.just(number)
                                        : Mono.just(number).delayElement(script.pace()))
                        .map(number -> {
                            execution.used(new NodeUsage(7, number, number * 100L));
                            return event(
                                    new ChatDelta(
                                            "t" + number + padding + " ",
                                            null,
                                            execution.usage,
                                            null));
                        });
        return response.sse()
                .sendString(tokens.concatWith(ending(script, execution, request)))
                .then();
    }

    /** A node never generates more than the grant pays for. */
    private static int tokens(Script script, Grant grant) {
        Integer most = grant.maxOutputTokens();
        return most == null ? script.tokens() : Math.min(most, script.tokens());
    }

    private Flux<String> ending(Script script, Execution execution, HttpServerRequest request) {
        return switch (script.kind()) {
            case DROP_MIDWAY ->
                    Mono.delay(Duration.ofMillis(100))
                            .then(drop(request))
                            .thenMany(Flux.<String>empty());
            case END_TOO_EARLY -> Flux.empty();
            case GARBAGE -> Flux.just("data: {nonsense\n\n");
            case FAIL_MIDWAY ->
                    last(execution, () -> new ChatDelta("", null, execution.usage, script.error()));
            default -> last(execution, () -> new ChatDelta("", "stop", execution.usage, null));
        };
    }

    private Flux<String> last(Execution execution, Supplier<ChatDelta> delta) {
        return Flux.defer(() -> {
            computed(execution);
            return Flux.just(event(delta.get()));
        });
    }

    private static String event(ChatDelta delta) {
        return "data: " + JSON.writeValueAsString(delta) + "\n\n";
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(3));
    }
}
