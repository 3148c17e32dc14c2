package dev.atrium.portal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.atrium.portal.address.Addresses;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryClientIT {
    private static final ModelName MODEL = new ModelName("acme", "m");

    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>(List.of("first", "second"));
    private HttpServer server;
    private RegistryHttp http;
    private volatile long largestRead;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        http = client("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void renewsARefusedTokenOnce() {
        answers.add(new Answer(401, "{}"));
        answers.add(new Answer(200, "{\"items\":[],\"nextCursor\":null}"));

        assertThat(new RegistryApiKeys(http).list(null).items()).isEmpty();

        assertThat(seen).extracting(line -> line.split(" ")[2]).containsExactly("first", "second");
    }

    @Test
    void asksToSignInWhenTheNewTokenIsRefusedToo() {
        answers.add(new Answer(401, "{}"));
        answers.add(new Answer(401, "{}"));

        assertThatThrownBy(() -> new RegistryApiKeys(http).list(null))
                .isInstanceOf(SignInRequiredException.class);
    }

    @Test
    void carriesTheProblemOfTheRegistry() {
        answers.add(
                new Answer(
                        409,
                        """
                        {"type":"about:blank","status":409,"detail":"Taken.","code":"name_taken",
                         "requestId":"r-1","somethingNew":true}\
                        """));

        RegistryException refused =
                catchThrowableOfType(
                        RegistryException.class, () -> new RegistryApiKeys(http).revoke("x"));

        assertThat(refused.is(ErrorCode.NAME_TAKEN)).isTrue();
        assertThat(refused.detail()).isEqualTo("Taken.");
        assertThat(refused.requestId()).isEqualTo("r-1");
    }

    @Test
    void copesWithAnAnswerThatIsNoProblemBody() {
        answers.add(new Answer(502, "<html>bad gateway</html>"));

        RegistryException refused =
                catchThrowableOfType(
                        RegistryException.class, () -> new RegistryApiKeys(http).revoke("x"));

        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.detail()).isNull();
        assertThat(refused.requestId()).isEqualTo("echoed");
    }

    @Test
    void saysWhenNobodyAnswers() {
        server.stop(0);

        assertThatThrownBy(() -> new RegistryApiKeys(http).list(null))
                .isInstanceOf(RegistryUnreachableException.class);
    }

    @Test
    void keepsNamesInsideTheirPartOfThePath() {
        answers.add(new Answer(204, ""));

        new RegistryApiKeys(http).revoke("../models?x=1#y z");

        assertThat(seen.getFirst())
                .startsWith("DELETE /api/v1/api-keys/..%2Fmodels%3Fx%3D1%23y%20z ");
    }

    @Test
    void streamsAFileWithoutHoldingIt() {
        long size = 200L * 1024 * 1024;
        answers.add(
                new Answer(
                        201, "{\"path\":\"model.onnx\",\"bytes\":" + size + ",\"sha256\":\"00\"}"));
        long before = usedMemory();
        Counting content = new Counting(size);

        ModelFile file = new RegistryModels(http).putFile(MODEL, 1, "model.onnx", content, size);

        assertThat(file.bytes()).isEqualTo(size);
        assertThat(largestRead).isEqualTo(size);
        assertThat(content.highestMemory - before).isLessThan(100L * 1024 * 1024);
        assertThat(seen.getFirst())
                .startsWith("PUT /api/v1/models/acme/m/versions/1/files/model.onnx");
    }

    @Test
    void passesAnEmptyFileOn() {
        answers.add(new Answer(422, "{\"status\":422,\"code\":\"artifact_rejected\"}"));

        assertThatThrownBy(() ->
                        new RegistryModels(http)
                                .putFile(MODEL, 1, "a", InputStream.nullInputStream(), 0))
                .isInstanceOf(RegistryException.class);
    }

    private RegistryHttp client(String address) {
        BearerTokens bearer =
                new BearerTokens() {
                    @Override
                    public String current() {
                        return tokens.getFirst();
                    }

                    @Override
                    public String renewed() {
                        tokens.removeFirst();
                        return tokens.getFirst();
                    }
                };
        return new RegistryHttp(
                new Addresses(address, address, address, address, address),
                bearer,
                new RegistryProperties(
                        Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofMinutes(1)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization").substring(7);
        seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + token);
        largestRead = exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
        Answer next = answers.remove();
        byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Request-Id", "echoed");
        exchange.sendResponseHeaders(next.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private record Answer(int status, String body) {}

    /** So many zero bytes, never held; looks at the memory on the way. */
    private static final class Counting extends InputStream {
        private final long size;
        private long given;
        private long highestMemory;

        Counting(long size) {
            this.size = size;
        }

        @Override
        public int read() {
            return given++ < size ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (given >= size) {
                return -1;
            }
            int now = (int) Math.min(length, size - given);
            given += now;
            if (given % (50L * 1024 * 1024) < length) {
                highestMemory = Math.max(highestMemory, usedMemory());
            }
            return now;
        }
    }
}
