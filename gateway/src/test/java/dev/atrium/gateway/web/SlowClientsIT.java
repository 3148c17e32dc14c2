package dev.atrium.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.admission.InFlightCalls;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.RunningGateway;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowClientsIT {
    @TempDir static Path folder;

    private static FakeRegistry registry;
    private static RunningGateway gateway;
    private static Platform.KeyFixture key;

    @BeforeAll
    static void start() {
        registry = new FakeRegistry();
        Platform platform = new Platform(registry);
        key = platform.key(platform.tenant("acme"));
        gateway =
                RunningGateway.start(
                        registry,
                        folder,
                        "atrium.gateway.web.header-timeout=700ms",
                        "atrium.gateway.web.body-timeout=700ms",
                        "atrium.gateway.web.idle-timeout=2s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
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
