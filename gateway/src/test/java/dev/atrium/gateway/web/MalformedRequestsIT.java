package dev.atrium.gateway.web;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.testing.RunningGateway;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MalformedRequestsIT {
    private static final String OPEN_AI =
            "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"param\":null,"
                    + "\"code\":\"invalid_request\"}}";

    @AfterEach
    void goesOnServing() {
        assertThat(GATEWAY.get("/v2/health/live", null).statusCode()).isEqualTo(200);
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @Test
    void answersInTheShapeOfThePath() throws IOException {
        String openAi = exchange("GET /v1/models HTTP/1.1\r\nHost: x\r\nBad\u0001: 1\r\n\r\n");
        String oip = exchange("GET /v2/models HTTP/1.1\r\nHost: x\r\nBad\u0001: 1\r\n\r\n");

        assertThat(openAi)
                .startsWith("HTTP/1.1 400 ")
                .containsPattern("(?i)x-request-id: [0-9a-f-]{36}")
                .containsPattern("(?i)connection: close")
                .containsPattern("(?i)content-type: application/json")
                .endsWith(OPEN_AI.formatted("the request is not valid HTTP"));
        assertThat(oip)
                .startsWith("HTTP/1.1 400 ")
                .endsWith("{\"error\":\"the request is not valid HTTP\"}");
    }

    @Test
    void answersWhatHasNoPathAtAll() throws IOException {
        String answer = exchange("nonsense\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .endsWith(OPEN_AI.formatted("the request is not valid HTTP"));
    }

    @Test
    void saysWhatIsTooLong() throws IOException {
        String line = exchange("GET /v2/" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        String headers =
                exchange("GET /v2 HTTP/1.1\r\nHost: x\r\nLong: " + "x".repeat(20_000) + "\r\n\r\n");

        assertThat(line)
                .startsWith("HTTP/1.1 414 ")
                .endsWith(OPEN_AI.formatted("the request line is too long"));
        assertThat(headers)
                .startsWith("HTTP/1.1 431 ")
                .endsWith("{\"error\":\"the request headers are too long\"}");
    }

    @Test
    void answersRequestsThatCameBeforeInTheSameBreath() throws IOException {
        String answers =
                exchange(
                        "GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n"
                                + "GET /v2 HTTP/1.1\r\nHost: x\r\nBad\u0001: 1\r\n\r\n");

        assertThat(answers)
                .startsWith("HTTP/1.1 200 ")
                .contains("{\"live\":true}HTTP/1.1 400 ")
                .endsWith("{\"error\":\"the request is not valid HTTP\"}");
    }

    /** Everything that comes back until the gateway closes the connection. */
    private static String exchange(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", GATEWAY.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
