package dev.atrium.portal.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.error.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small real HTTP server that speaks the registry's contract, management API and sign-in, and the
 * gateway's public calls, from state in memory.
 */
public final class FakeRegistry implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final List<Route> routes = new ArrayList<>();
    private final FakeOAuth oauth;
    private volatile FakeState state = new FakeState();
    private volatile Problem failure;
    private volatile String failingPath;
    private volatile boolean tokensRefused;
    private volatile boolean cutOff;
    private volatile boolean refreshRefused;

    public FakeRegistry(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        oauth = new FakeOAuth(this);
        FakeApi.register(this);
        FakeCalls.register(this);
        FakeCatalog.register(this);
        FakeQuotas.register(this);
        FakeRequests.register(this);
        FakePlans.register(this);
        FakePrices.register(this);
        FakeStatements.register(this);
        server.createContext("/api/v1", this::answerApi);
        server.createContext("/", oauth::answer);
        FakeGateway gateway = new FakeGateway(this);
        server.createContext("/v1", gateway::answer);
        server.createContext("/v2", gateway::answer);
        server.start();
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    public FakeState state() {
        return state;
    }

    /** Forgets everything; tests begin with this. */
    public FakeState reset() {
        state = new FakeState();
        failure = null;
        tokensRefused = false;
        cutOff = false;
        refreshRefused = false;
        return state;
    }

    /** Makes every request whose path contains the text fail. */
    public void fail(String path, int status, ErrorCode code, String detail) {
        failingPath = path;
        failure =
                new Problem("about:blank", null, status, detail, null, code.wireName(), "req-4711");
    }

    public void heal() {
        failure = null;
    }

    /** Closes every connection without an answer, as a registry does that is being restarted. */
    public void cutOff(boolean isCutOff) {
        cutOff = isCutOff;
    }

    /** Answers token renewals with invalid_grant. */
    public void refuseRefresh(boolean isRefused) {
        refreshRefused = isRefused;
    }

    boolean isRefreshRefused() {
        return refreshRefused;
    }

    boolean isCutOff() {
        return cutOff;
    }

    public void refuseTokens() {
        tokensRefused = true;
    }

    void route(String method, String pattern, Function<Call, Object> handler) {
        routes.add(new Route(method, Pattern.compile(pattern), handler));
    }

    private void answerApi(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/api/v1".length());
        state.requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        Call call = null;
        if (cutOff) {
            exchange.close();
            return;
        }
        try {
            if (tokensRefused || !oauth.isKnown(exchange)) {
                throw new Refused(401, ErrorCode.UNAUTHENTICATED, "No valid token.");
            }
            if (failure != null && path.contains(failingPath)) {
                send(exchange, failure.status(), failure);
                return;
            }
            for (Route route : routes) {
                Matcher matcher = route.pattern().matcher(path);
                if (route.method().equals(exchange.getRequestMethod()) && matcher.matches()) {
                    call = new Call(exchange, matcher, state);
                    Object answer = route.handler().apply(call);
                    send(exchange, answer == null ? 204 : call.status(), answer);
                    return;
                }
            }
            throw new Refused(404, ErrorCode.NOT_FOUND, "There is no such thing.");
        } catch (Refused e) {
            exchange.getRequestBody().readAllBytes();
            send(exchange, e.status, e.problem());
        } finally {
            exchange.close();
        }
    }

    static void send(HttpExchange exchange, int status, Object body) throws IOException {
        if (body == null) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        byte[] bytes = body instanceof byte[] raw ? raw : JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Route(String method, Pattern pattern, Function<Call, Object> handler) {}

    /** One request on its way through a handler. */
    static final class Call {
        private final HttpExchange exchange;
        private final Matcher path;
        private final FakeState state;
        private int status = 200;

        Call(HttpExchange exchange, Matcher path, FakeState state) {
            this.exchange = exchange;
            this.path = path;
            this.state = state;
        }

        FakeState state() {
            return state;
        }

        String part(int group) {
            return path.group(group);
        }

        int status() {
            return status;
        }

        <T> T created(T body) {
            status = 201;
            return body;
        }

        String query(String name) {
            String query = exchange.getRequestURI().getQuery();
            if (query != null) {
                for (String pair : query.split("&")) {
                    if (pair.startsWith(name + "=")) {
                        return pair.substring(name.length() + 1);
                    }
                }
            }
            return null;
        }

        byte[] bytes() {
            try {
                return exchange.getRequestBody().readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        <T> T body(Class<T> type) {
            return JSON.readValue(bytes(), type);
        }

        <T> T body(TypeReference<T> type) {
            return JSON.readValue(bytes(), type);
        }
    }

    /** Ends a handler with a problem body. */
    static final class Refused extends RuntimeException {
        private final int status;
        private final ErrorCode code;

        Refused(int status, ErrorCode code, String detail) {
            super(detail);
            this.status = status;
            this.code = code;
        }

        Problem problem() {
            return new Problem(
                    "about:blank", null, status, getMessage(), null, code.wireName(), "req-0815");
        }
    }
}
