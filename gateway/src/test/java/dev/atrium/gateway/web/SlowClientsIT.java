package dev.atrium.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.admission.InFlightCalls;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Execution;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.Grant;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowClientsIT {
    private static final int TOKEN = 8 * 1024;
    private static final int STREAM = 256 * 1024 * 1024;

    @TempDir static Path folder;

    private static FakeRegistry registry;
    private static FakeInferenceNode node;
    private static RunningGateway gateway;
    private static Platform.KeyFixture key;

    @BeforeAll
    static void start() {
        registry = new FakeRegistry();
        Platform platform = new Platform(registry);
        node = new FakeInferenceNode(registry);
        key = platform.key(platform.tenant("acme"));
        ModelFixture chat = platform.model(key.tenant(), "chat", Task.TEXT_GENERATION);
        platform.replica(chat.version(1), node);
        gateway =
                RunningGateway.start(
                        registry,
                        folder,
                        "atrium.gateway.web.header-timeout=700ms",
                        "atrium.gateway.web.body-timeout=700ms",
                        "atrium.gateway.web.write-timeout=1s",
                        "atrium.gateway.web.idle-timeout=2s");
        await().until(() -> gateway.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        node.close();
        registry.close();
    }

    @Test
    void closesConnectionsWhoseHeadersDrip() throws IOException {
        try (Socket socket = connect("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n")) {
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> !drip(socket));
        }
        assertThat(gateway.get("/v2/health/live", null).statusCode()).isEqualTo(200);
    }

    @Test
    void closesConnectionsWhoseBodyStops() throws IOException {
        String head =
                "POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + key.text()
                        + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
        try (Socket socket = connect(head)) {
            socket.setSoTimeout(5_000);
            assertThat(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408 ");
        }
        await().until(() -> gateway.bean(InFlightCalls.class).count() == 0);
    }

    @Test
    void closesSilentConnections() throws IOException {
        try (Socket socket = connect("")) {
            socket.setSoTimeout(5_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** As the network happens to cut it: before, in and behind the headers. */
    @Test
    void takesARequestThatComesInTwoParts() throws IOException {
        node.script(Script.answer().tokens(1, Duration.ZERO));
        String request = chatRequest(false).replace("Connection: close\r\n", "");
        try (Socket socket = connect("")) {
            socket.setTcpNoDelay(true);
            for (int cut = 1; cut < request.length(); cut += 3) {
                send(socket, request.substring(0, cut));
                LockSupport.parkNanos(cut % 2 == 0 ? 0 : 1_000_000);
                send(socket, request.substring(cut));

                assertThat(answer(socket)).as("cut at %d", cut).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** Headers and body of one answer. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return head + "<end>";
            }
            head.append((char) next);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertThat(length.find()).isTrue();
        byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
        return head + new String(body, StandardCharsets.UTF_8);
    }

    @Test
    void refusesHeadersAndPathsThatAreTooLong() {
        HttpRequest longHeader =
                gateway.request(URI.create(gateway.url() + "/v2"), null)
                        .header("X-Long", "x".repeat(20_000))
                        .build();
        HttpResponse<String> longPath = gateway.get("/v2/" + "x".repeat(5_000), null);

        assertThat(gateway.send(longHeader).statusCode()).isIn(413, 431);
        assertThat(longPath.statusCode()).isEqualTo(414);
    }

    @Test
    void cutsAClientOffThatDoesNotReadAndNeverBuffersForIt() throws IOException {
        AtomicReference<Grant> call = new AtomicReference<>();
        node.script(grant -> {
            call.set(grant);
            return Script.answer().tokens(STREAM / TOKEN, Duration.ZERO).wide(TOKEN);
        });
        try (Socket socket = unread(chatRequest(true))) {
            await().until(() -> node.running() == 1);
            UUID id = call.get().callId();
            Execution execution = node.executionsOf(id).getFirst();
            await().atMost(Duration.ofSeconds(5)).until(() -> node.running() == 0);

            // The sockets' own buffers between node and client hold some megabytes.
            assertThat(execution.usage().outputTokens() * TOKEN).isLessThan(STREAM / 8);
            await().until(() -> gateway.bean(InFlightCalls.class).count() == 0);
            await().until(() -> registry.ledger().containsKey(id));
            assertThat(registry.ledger().get(id).outcome()).isEqualTo(Outcome.CLIENT_GONE);
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(STREAM / 8);
        }
    }

    /** One write of 16 MB that takes longer than the time-out, but never stands still. */
    @Test
    void leavesAClientAloneThatReadsSlowly() throws IOException {
        int tokens = 2_000;
        node.script(Script.answer().tokens(tokens, Duration.ZERO).wide(TOKEN));
        try (Socket socket = unread(chatRequest(false))) {
            byte[] part = new byte[500_000];
            AtomicLong length = new AtomicLong();

            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        int read = socket.getInputStream().readNBytes(part, 0, part.length);
                        length.addAndGet(read);
                        return read < part.length;
                    });

            assertThat(length.get()).isGreaterThan((long) tokens * TOKEN);
        }
    }

    /** A chat whose client has a small window, of which it will see nothing until it reads. */
    private static Socket unread(String request) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress("127.0.0.1", gateway.port()));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String chatRequest(boolean stream) {
        String body =
                "{\"model\":\"chat\",\"stream\":"
                        + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Authorization: Bearer "
                + key.text()
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private static Socket connect(String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", gateway.port());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** One more byte of a header; false once the connection is closed. */
    private static boolean drip(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write('x');
            socket.setSoTimeout(1);
            return socket.getInputStream().read() != -1;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (SocketException e) {
            return false;
        }
    }
}
