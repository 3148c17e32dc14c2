package dev.atrium.registry.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Somebody's server that is told of events; answers 204 unless told otherwise. */
public final class WebhookReceiver implements AutoCloseable {
    /** What came. */
    public record Received(String path, String eventId, String signature, String body) {}

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Deque<Integer> answers = new ArrayDeque<>();

    public WebhookReceiver() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/told?of=quotas";
    }

    /** Of the next requests, in order. */
    public synchronized void answer(Integer... statuses) {
        answers.addAll(Arrays.asList(statuses));
    }

    public List<Received> received() {
        return received;
    }

    public List<String> eventIds() {
        return received.stream().map(Received::eventId).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(
                    new Received(
                            exchange.getRequestURI().toString(),
                            exchange.getRequestHeaders().getFirst("Atrium-Event-Id"),
                            exchange.getRequestHeaders().getFirst("Atrium-Signature"),
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8)));
            exchange.getResponseHeaders().set("Location", "/moved");
            exchange.sendResponseHeaders(next(), -1);
        }
    }

    private synchronized int next() {
        Integer status = answers.poll();
        return status == null ? 204 : status;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
