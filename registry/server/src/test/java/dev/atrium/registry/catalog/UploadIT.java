package dev.atrium.registry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.artifact.ModelBytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Uploads that break off or are too long, and those of others, byte by byte over real sockets. */
class UploadIT extends RegistryTest {
    private static final Path INCOMING = Path.of("target/store/incoming");

    @Test
    void refusesALengthBeyondTheLimitBeforeTheBodyComes() throws IOException {
        TestTenant acme = tenant("acme");

        String status = statusOf(acme, "Content-Length: 3000000000\r\n", new byte[0]);

        assertThat(status).contains("413");
    }

    @Test
    void nothingIsLeftOfAnUploadThatBreaksOff() throws IOException {
        TestTenant acme = tenant("acme");

        try (Socket socket = new Socket("127.0.0.1", publicPort)) {
            begin(socket, acme, "Content-Length: 1000000\r\n", ModelBytes.onnx());
        }

        await().untilAsserted(() -> assertThat(versionOf(acme).files()).isEmpty());
        await().untilAsserted(() -> assertThat(parts()).isZero());
        assertThat(versionOf(acme).state()).isEqualTo(VersionState.UPLOADING);
    }

    @Test
    void aTruncatedOnnxIsRejectedAndItsBytesAreGone() throws IOException {
        TestTenant acme = tenant("acme");
        byte[] whole = ModelBytes.onnx();
        byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);

        Answer answer =
                http().send(
                                http().request(uploadPath(acme))
                                        .header("Authorization", "Bearer " + acme.ownerToken())
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(half)));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("truncated");
        try (Stream<Path> files = Files.walk(Path.of("target/store", acme.id().toString()))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void everyCatalogPathOfAnotherTenantIsAsAbsent() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        http().send(
                        http().request(uploadPath(acme))
                                .header("Authorization", "Bearer " + acme.ownerToken())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(ModelBytes.onnx())));
        List<String> operations =
                List.of(
                        "GET ",
                        "PATCH ",
                        "DELETE ",
                        "GET /versions",
                        "POST /versions",
                        "GET /versions/1",
                        "PUT /versions/1/files/model.onnx",
                        "POST /versions/1/complete",
                        "POST /upload?file=model.onnx",
                        "GET /aliases",
                        "PUT /aliases/production",
                        "GET /versions/1/deployment",
                        "PUT /versions/1/deployment",
                        "DELETE /versions/1/deployment");

        for (String operation : operations) {
            Answer foreign = call(globex, operation, acme.slug() + "/iris");
            Answer absent = call(globex, operation, acme.slug() + "/nothing");

            assertThat(foreign.status()).as(operation + foreign.text()).isEqualTo(404);
            assertThat(absent.status()).as(operation).isEqualTo(404);
            assertThat(foreign.json().path("detail")).isEqualTo(absent.json().path("detail"));
        }
    }

    private Answer call(TestTenant caller, String operation, String model) {
        String method = operation.substring(0, operation.indexOf(' '));
        String path = "/api/v1/models/" + model + operation.substring(operation.indexOf(' ') + 1);
        String body =
                path.contains("/aliases/")
                        ? "{\"version\": 1}"
                        : path.endsWith("/deployment") ? "{\"replicas\": 1}" : "{}";
        return http().withBody(method, path, caller.ownerToken(), body);
    }

    private static String uploadPath(TestTenant tenant) {
        return "/api/v1/models/" + tenant.slug() + "/iris/upload?file=model.onnx";
    }

    private ModelVersion versionOf(TestTenant tenant) {
        return http().get(
                        "/api/v1/models/" + tenant.slug() + "/iris/versions/1", tenant.ownerToken())
                .as(ModelVersion.class);
    }

    private String statusOf(TestTenant tenant, String headers, byte[] body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", publicPort)) {
            socket.setSoTimeout(20_000);
            begin(socket, tenant, headers, body);
            return new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private static void begin(Socket socket, TestTenant tenant, String headers, byte[] body)
            throws IOException {
        OutputStream out = socket.getOutputStream();
        String head =
                "POST "
                        + uploadPath(tenant)
                        + " HTTP/1.1\r\nHost: registry.test\r\nAuthorization: Bearer "
                        + tenant.ownerToken()
                        + "\r\n"
                        + headers
                        + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    private static long parts() throws IOException {
        try (Stream<Path> files = Files.list(INCOMING)) {
            return files.count();
        }
    }
}
