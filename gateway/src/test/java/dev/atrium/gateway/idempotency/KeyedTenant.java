package dev.atrium.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.admission.InFlightCalls;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Execution;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.idempotency.KeyOutcome.Kind;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A fresh tenant that names its calls, and what became of them, on a platform of its own: gateways
 * come and go here, and share what is counted by keys.
 */
final class KeyedTenant {
    static final FakeRegistry REGISTRY = new FakeRegistry();
    static final FakeInferenceNode NODE = new FakeInferenceNode(REGISTRY);
    static final Platform PLATFORM = new Platform(REGISTRY);
    static final RunningGateway GATEWAY =
            RunningGateway.startForAll(
                    REGISTRY,
                    "atrium.gateway.upstream.deadline=20s",
                    "atrium.gateway.idempotency.longest-wait=10s");

    static final String EMBEDDINGS = "/v1/embeddings";
    static final String CHAT = "/v1/chat/completions";
    static final String TENSORS = "/v2/models/tensors/infer";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TenantFixture tenant;
    private final KeyFixture key;

    /** Every one of its gateways knows it. */
    KeyedTenant(RunningGateway... gateways) {
        tenant = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        for (ModelFixture model :
                List.of(
                        PLATFORM.model(tenant, "words", Task.TEXT_EMBEDDING),
                        PLATFORM.model(tenant, "tensors", Task.TENSORS),
                        PLATFORM.model(tenant, "chat", Task.TEXT_GENERATION))) {
            PLATFORM.replica(model.version(1), NODE);
        }
        key = PLATFORM.key(tenant);
        Arrays.stream(gateways).forEach(this::awaitKnown);
    }

    /** Another gateway. */
    static RunningGateway start(Path folder, String... more) {
        return RunningGateway.start(
                REGISTRY,
                folder,
                Stream.concat(
                                Stream.of("atrium.gateway.idempotency.longest-wait=10s"),
                                Arrays.stream(more))
                        .toArray(String[]::new));
    }

    void awaitKnown(RunningGateway gateway) {
        await().atMost(PATIENCE)
                .until(() -> gateway.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    TenantFixture tenant() {
        return tenant;
    }

    KeyFixture key() {
        return key;
    }

    HttpResponse<String> post(RunningGateway through, String path, String name) {
        return post(through, path, name, body(path));
    }

    HttpResponse<String> post(RunningGateway through, String path, String name, String body) {
        return through.send(request(through, key, path, name, body));
    }

    HttpRequest request(RunningGateway through, String path, String name) {
        return request(through, key, path, name, body(path));
    }

    static HttpRequest request(
            RunningGateway through, KeyFixture key, String path, String name, String body) {
        return HttpRequest.newBuilder(
                        through.postRequest(path, key.text(), body), (header, value) -> true)
                .header("Idempotency-Key", name)
                .build();
    }

    static String body(String path) {
        return switch (path) {
            case CHAT ->
                    """
                    {"model":"chat","messages":[{"role":"user","content":"hi"}]}\
                    """;
            case EMBEDDINGS -> "{\"model\":\"words\",\"input\":\"a\"}";
            case TENSORS ->
                    """
                    {"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]}\
                    """;
            default -> throw new IllegalArgumentException(path);
        };
    }

    List<Execution> executions() {
        return NODE.executions().values().stream()
                .flatMap(List::stream)
                .filter(each -> each.grant().tenantId().equals(tenant.id().value()))
                .toList();
    }

    long outcomes(Kind kind) {
        return REGISTRY.keys().outcomes(tenant.id(), kind);
    }

    void awaitOutcome(Kind kind, long count) {
        await().atMost(PATIENCE).until(() -> outcomes(kind) == count);
    }

    /** Exactly so many rows, also once nothing is open any more. */
    List<UsageRecord> awaitLedger(int count) {
        await().atMost(PATIENCE).until(() -> ledger().size() >= count);
        await().atMost(PATIENCE).until(() -> GATEWAY.bean(Journal.class).openCalls() == 0);
        assertThat(ledger()).hasSize(count);
        return ledger();
    }

    private List<UsageRecord> ledger() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(tenant.id()))
                .toList();
    }

    /** For after a test: nothing runs or is held, and no event loop was blocked. */
    static void awaitNothingOpen(RunningGateway... gateways) {
        NODE.script(Script.answer());
        NODE.goOn();
        for (RunningGateway gateway : gateways) {
            await().atMost(PATIENCE).until(() -> gateway.bean(Journal.class).openCalls() == 0);
            await().atMost(PATIENCE).until(() -> gateway.bean(InFlightCalls.class).count() == 0);
        }
        await().atMost(PATIENCE).until(() -> NODE.running() + NODE.queued() == 0);
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }
}
