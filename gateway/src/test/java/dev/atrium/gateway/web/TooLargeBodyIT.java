package dev.atrium.gateway.web;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.registry.api.catalog.Task;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Collections;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;

/** An answer that comes while the client is still sending must not get lost on its way. */
class TooLargeBodyIT {
    private static final byte[] MIB = "x".repeat(1024 * 1024).getBytes();

    private static KeyFixture key;

    @BeforeAll
    static void issueKey() {
        key = PLATFORM.key(PLATFORM.tenant("large"));
        PLATFORM.model(key.tenant(), "m", Task.TENSORS);
        await().until(() -> GATEWAY.get("/v2/models/m", key.text()).statusCode() == 200);
    }

    @RepeatedTest(20)
    void tellsAClientThatAnnouncesTooMuch() {
        HttpResponse<String> answer =
                post("/v2/models/m/infer", BodyPublishers.fromPublisher(mebibytes(60), 60L << 20));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("33554432");
    }

    @RepeatedTest(20)
    void tellsAClientThatSendsTooMuchUnannounced() {
        HttpResponse<String> answer =
                post("/v1/embeddings", BodyPublishers.fromPublisher(mebibytes(20)));

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    private static BodyPublisher mebibytes(int count) {
        return BodyPublishers.ofByteArrays(Collections.nCopies(count, MIB));
    }

    private static HttpResponse<String> post(String path, BodyPublisher body) {
        return GATEWAY.send(
                GATEWAY.request(URI.create(GATEWAY.url() + path), key.text())
                        .header("Content-Type", "application/json")
                        .POST(body)
                        .build());
    }
}
