package dev.atrium.portal.fake;

import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.Replica;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.node.Gateway;
import dev.atrium.registry.api.node.GatewayId;
import dev.atrium.registry.api.node.Node;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.WallLevel;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.RefusingLimit;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant in the middle of its work, for screenshots and for tests of full pages. */
public final class SampleData {
    public static final ModelName MINILM = new ModelName("atrium", "minilm");
    public static final ModelName TINYCHAT = new ModelName("atrium", "tinychat");
    public static final ModelName FASHION = new ModelName("acme", "fashion");
    public static final ModelName CHURN = new ModelName("acme", "churn-score");

    private final FakeState state;
    private final Random random = new Random(7);

    private SampleData(FakeState state) {
        this.state = state;
    }

    public static void fill(FakeState state) {
        new SampleData(state).fill();
    }

    private void fill() {
        addModels();
        addKeys();
        addUsage();
        addRefusals();
        addPeople();
        addMachines();
    }

    private void addModels() {
        ModelVersion minilm =
                version(
                        MINILM,
                        1,
                        Framework.ONNX,
                        List.of(file("model.onnx", 90_387_630), file("tokenizer.json", 711_661)),
                        new Signature(
                                List.of(
                                        new TensorSpec("input_ids", "INT64", List.of(-1L, -1L)),
                                        new TensorSpec(
                                                "attention_mask", "INT64", List.of(-1L, -1L))),
                                List.of(
                                        new TensorSpec(
                                                "last_hidden_state",
                                                "FP32",
                                                List.of(-1L, -1L, 384L)))));
        ModelVersion chat =
                version(
                        TINYCHAT,
                        1,
                        Framework.GGUF,
                        List.of(file("model.gguf", 1_842_176)),
                        Signature.UNKNOWN);
        Signature image =
                new Signature(
                        List.of(new TensorSpec("image", "FP32", List.of(-1L, 1L, 28L, 28L))),
                        List.of(new TensorSpec("scores", "FP32", List.of(-1L, 10L))));
        ModelVersion fashion1 =
                version(
                        FASHION,
                        1,
                        Framework.TORCHSCRIPT,
                        List.of(file("model.pt", 1_688_340)),
                        image);
        ModelVersion fashion2 =
                version(FASHION, 2, Framework.ONNX, List.of(file("model.onnx", 1_662_004)), image);
        ModelVersion churn =
                version(
                        CHURN,
                        1,
                        Framework.ONNX,
                        List.of(file("model.onnx", 48_210)),
                        new Signature(
                                List.of(new TensorSpec("features", "FP32", List.of(-1L, 12L))),
                                List.of(new TensorSpec("probability", "FP32", List.of(-1L, 1L)))));
        state.versions.addAll(
                List.of(minilm, chat, fashion1, fashion2, churn, rejected(FASHION, 3)));
        state.models.addAll(
                List.of(
                        model(
                                FASHION,
                                Task.TENSORS,
                                Visibility.PRIVATE,
                                true,
                                3,
                                Map.of("production", 2),
                                "Classifies **28×28** grey images of clothes into ten kinds.\n\n- trained on Fashion-MNIST\n- accuracy 91.2 %"),
                        model(
                                CHURN,
                                Task.TENSORS,
                                Visibility.SHARED,
                                true,
                                1,
                                Map.of("production", 1),
                                "Probability that a customer leaves within 30 days."),
                        model(
                                MINILM,
                                Task.TEXT_EMBEDDING,
                                Visibility.PUBLIC,
                                false,
                                1,
                                Map.of("production", 1),
                                "Sentence embeddings, 384 dimensions."),
                        model(
                                TINYCHAT,
                                Task.TEXT_GENERATION,
                                Visibility.PUBLIC,
                                false,
                                1,
                                Map.of("production", 1),
                                "A very small chat model: it shows the way, not wisdom.")));
        state.deployments.add(FakeCatalog.deployment(fashion2, 2, ReplicaState.READY));
        state.deployments.add(FakeCatalog.deployment(minilm, 1, ReplicaState.READY));
        state.deployments.add(FakeCatalog.deployment(chat, 1, ReplicaState.READY));
        state.deployments.add(failed(churn));
    }

    /** The model {@link #FASHION} does another task from now on. */
    public static void retask(FakeState state, Task task, VersionSettings settings) {
        state.models.replaceAll(each ->
                each.name().equals(FASHION)
                        ? new Model(
                                each.id(),
                                each.name(),
                                task,
                                each.visibility(),
                                each.sharedWith(),
                                each.description(),
                                each.aliases(),
                                each.versions(),
                                each.own(),
                                each.createdAt(),
                                each.updatedAt())
                        : each);
        state.versions.replaceAll(each ->
                each.model().equals(FASHION)
                        ? new ModelVersion(
                                each.id(),
                                each.model(),
                                each.number(),
                                each.state(),
                                each.rejection(),
                                each.framework(),
                                each.signature(),
                                settings,
                                each.files(),
                                each.bytes(),
                                each.description(),
                                each.createdAt(),
                                each.createdBy(),
                                each.aliases())
                        : each);
    }

    private void addKeys() {
        Instant now = Instant.now();
        state.apiKeys.addAll(
                List.of(
                        key(
                                "billing service",
                                now.minus(Duration.ofDays(12)),
                                now.plus(Duration.ofDays(78)),
                                null,
                                now.minusSeconds(95),
                                List.of()),
                        key(
                                "notebook of Grace",
                                now.minus(Duration.ofDays(3)),
                                null,
                                null,
                                now.minus(Duration.ofHours(5)),
                                List.of("acme/fashion")),
                        key(
                                "nightly batch",
                                now.minus(Duration.ofDays(60)),
                                now.minus(Duration.ofDays(1)),
                                null,
                                now.minus(Duration.ofDays(2)),
                                List.of()),
                        key(
                                "old demo",
                                now.minus(Duration.ofDays(90)),
                                null,
                                now.minus(Duration.ofDays(30)),
                                null,
                                List.of())));
    }

    private void addUsage() {
        Instant now = Instant.now();
        List<ModelName> names = List.of(FASHION, MINILM, TINYCHAT);
        List<Operation> operations = List.of(Operation.INFER, Operation.EMBEDDINGS, Operation.CHAT);
        for (int hour = 0; hour < 24; hour++) {
            int calls = hour > 14 && hour < 18 ? 0 : random.nextInt(9) + (hour < 8 ? 10 : 1);
            for (int i = 0; i < calls; i++) {
                int which = random.nextInt(3);
                Instant at = now.minus(Duration.ofHours(hour)).minusSeconds(random.nextInt(3500));
                state.usage.add(usage(names.get(which), operations.get(which), at, outcome()));
            }
        }
    }

    private void addRefusals() {
        Instant now = Instant.now();
        state.refusedCalls.add(refused(state, TINYCHAT, now.minusSeconds(30), "Team a day"));
        state.unlisted.add(
                new UnlistedRefusals(
                        state.current.id(),
                        now.minusSeconds(30).truncatedTo(ChronoUnit.MINUTES),
                        "insufficient_quota",
                        12_345));
    }

    private Outcome outcome() {
        return switch (random.nextInt(18)) {
            case 0 -> Outcome.INVALID_INPUT;
            case 1 -> Outcome.CLIENT_GONE;
            default -> Outcome.OK;
        };
    }

    public UsageRecord usage(ModelName model, Operation operation, Instant at, Outcome outcome) {
        boolean tensors = operation == Operation.INFER;
        return new UsageRecord(
                callId(at.minusMillis(3 + random.nextInt(40))),
                state.current.id(),
                state.project.id(),
                PrincipalKind.API_KEY,
                state.apiKeys.get(random.nextInt(2)).id(),
                new ModelId(UUID.randomUUID()),
                model,
                new ModelVersionId(UUID.randomUUID()),
                1,
                operation,
                outcome,
                outcome == Outcome.OK ? 200 : outcome == Outcome.INVALID_INPUT ? 400 : 499,
                1,
                new NodeId(UUID.randomUUID()),
                tensors ? 0 : 10 + random.nextInt(200),
                operation == Operation.CHAT ? 20 + random.nextInt(300) : 0,
                1_500 + random.nextInt(90_000),
                (long) (2_000 + random.nextInt(120_000)),
                at,
                at.plusMillis(20 + random.nextInt(300)),
                UsageSource.GATEWAY,
                List.of(),
                null,
                operation == Operation.CHAT ? new Cost(1_234, "EUR") : null,
                null,
                null,
                operation == Operation.CHAT ? 7L : null,
                null);
    }

    /** As gateways make them: the time comes first. */
    public static UUID callId(Instant at) {
        UUID first = CallTime.first(at);
        return new UUID(
                first.getMostSignificantBits(),
                first.getLeastSignificantBits() | UUID.randomUUID().getMostSignificantBits() >>> 4);
    }

    /** A call that a limit of this name refused. */
    public static RefusedCall refused(FakeState state, ModelName model, Instant at, String limit) {
        return new RefusedCall(
                callId(at),
                state.current.id(),
                state.project.id(),
                PrincipalKind.API_KEY,
                state.apiKeys.get(0).id(),
                Operation.CHAT,
                model.toString(),
                null,
                429,
                "insufficient_quota",
                null,
                new RefusingLimit(
                        new PolicyId(UUID.randomUUID()),
                        limit,
                        Unit.TOKENS,
                        Window.DAY,
                        null,
                        200_000,
                        198_512L,
                        1_200L,
                        288L,
                        512L),
                at.plusMillis(4),
                "marketing/eu");
    }

    /** The same call for this cost centre. */
    public static UsageRecord labelled(UsageRecord call, String label) {
        return with(call, label, call.energy(), call.media());
    }

    private static UsageRecord with(
            UsageRecord call,
            @Nullable String label,
            @Nullable Energy energy,
            @Nullable Media media) {
        return new UsageRecord(
                call.callId(),
                call.tenantId(),
                call.projectId(),
                call.principalKind(),
                call.principalId(),
                call.modelId(),
                call.modelName(),
                call.versionId(),
                call.version(),
                call.operation(),
                call.outcome(),
                call.httpStatus(),
                call.attempts(),
                call.nodeId(),
                call.inputTokens(),
                call.outputTokens(),
                call.computeMicros(),
                call.timeToFirstByteMicros(),
                call.openedAt(),
                call.settledAt(),
                call.source(),
                call.charges(),
                call.priceId(),
                call.cost(),
                label,
                energy,
                call.cachedInputTokens(),
                media);
    }

    /** The same call, of which its node says what it took. */
    public static UsageRecord taking(UsageRecord call, Energy energy) {
        return with(call, call.label(), energy, call.media());
    }

    /** The same call of these pictures and this sound. */
    public static UsageRecord with(UsageRecord call, Media media) {
        return with(call, call.label(), call.energy(), media);
    }

    private void addPeople() {
        Instant now = Instant.now();
        state.members.addAll(
                List.of(
                        member(
                                FakeOAuth.USER_ID,
                                "ada@acme.example",
                                "Ada Lovelace",
                                Role.OWNER,
                                now.minus(Duration.ofDays(40))),
                        member(
                                UUID.randomUUID().toString(),
                                "grace@acme.example",
                                "Grace Hopper",
                                Role.DEVELOPER,
                                now.minus(Duration.ofDays(12))),
                        member(
                                UUID.randomUUID().toString(),
                                "alan@acme.example",
                                "Alan Turing",
                                Role.VIEWER,
                                now.minus(Duration.ofDays(2)))));
    }

    private void addMachines() {
        Instant now = Instant.now();
        state.nodes.addAll(
                List.of(
                        node("node-1", true, 3_100_000_000L, 3, 0, now),
                        node("node-2", true, 7_300_000_000L, 1, 1, now),
                        node("node-3", false, 0, 0, 0, now.minusSeconds(380))));
        state.gateways.addAll(
                List.of(
                        new Gateway(
                                new GatewayId(UUID.randomUUID()),
                                "gateway-1",
                                true,
                                418,
                                0,
                                now.minus(Duration.ofDays(9)),
                                now.minusSeconds(1)),
                        new Gateway(
                                new GatewayId(UUID.randomUUID()),
                                "gateway-2",
                                true,
                                418,
                                12,
                                now.minus(Duration.ofDays(9)),
                                now.minusSeconds(1))));
    }

    private static Node node(
            String name, boolean alive, long used, int ready, int failed, Instant seen) {
        return new Node(
                new NodeId(UUID.randomUUID()),
                name,
                "http://" + name + ":8083",
                alive,
                new NodeCapacity(
                        8,
                        8_000_000_000L,
                        "bubblewrap: own namespaces, no network",
                        alive ? WallLevel.BUBBLEWRAP : WallLevel.NONE),
                used,
                alive ? 2 : 0,
                ready,
                failed,
                seen.minus(Duration.ofDays(9)),
                seen);
    }

    private static Member member(String id, String email, String name, Role role, Instant since) {
        return new Member(UserId.of(id), email, name, role, true, since);
    }

    private static ApiKey key(
            String name,
            Instant created,
            Instant expires,
            Instant revoked,
            Instant used,
            List<String> models) {
        String secret = ApiKeyFormat.generate();
        return new ApiKey(
                ApiKeyFormat.parse(secret).orElseThrow().keyId(),
                name,
                ApiKeyFormat.hint(secret),
                List.of("inference:invoke", "models:read"),
                models,
                600,
                created,
                expires,
                revoked,
                used,
                "Ada Lovelace",
                null);
    }

    private static Model model(
            ModelName name,
            Task task,
            Visibility visibility,
            boolean own,
            int versions,
            Map<String, Integer> aliases,
            String text) {
        return new Model(
                new ModelId(UUID.randomUUID()),
                name,
                task,
                visibility,
                visibility == Visibility.SHARED ? List.of("globex") : List.of(),
                text,
                aliases,
                versions,
                own,
                Instant.now().minus(Duration.ofDays(20)),
                Instant.now().minus(Duration.ofDays(1)));
    }

    private static ModelVersion version(
            ModelName model,
            int number,
            Framework framework,
            List<ModelFile> files,
            Signature signature) {
        return new ModelVersion(
                new ModelVersionId(UUID.randomUUID()),
                model,
                number,
                VersionState.READY,
                null,
                framework,
                signature,
                VersionSettings.DEFAULT,
                files,
                files.stream().mapToLong(ModelFile::bytes).sum(),
                number == 2 ? "Exported to ONNX, twice as fast." : null,
                Instant.now().minus(Duration.ofDays(8 - number)),
                "Ada Lovelace",
                List.of());
    }

    private static ModelVersion rejected(ModelName model, int number) {
        return new ModelVersion(
                new ModelVersionId(UUID.randomUUID()),
                model,
                number,
                VersionState.REJECTED,
                "'model.pt' holds a Python pickle with a call to os.system; export the model as TorchScript or ONNX.",
                null,
                Signature.UNKNOWN,
                VersionSettings.DEFAULT,
                List.of(),
                0,
                null,
                Instant.now().minus(Duration.ofHours(3)),
                "Grace Hopper",
                List.of());
    }

    private static Deployment failed(ModelVersion version) {
        return new Deployment(
                version.id(),
                version.model(),
                version.number(),
                1,
                true,
                0,
                null,
                List.of(
                        new Replica(
                                new PlacementId(UUID.randomUUID()),
                                new NodeId(UUID.randomUUID()),
                                "node-2",
                                ReplicaState.FAILED,
                                "The model needs operator 'FancyNorm' which the engine does not know; export it with standard operators.",
                                0,
                                Instant.now().minusSeconds(600))),
                Instant.now().minusSeconds(900));
    }

    private static ModelFile file(String path, long bytes) {
        return new ModelFile(path, bytes, ApiKeyFormat.sha256(path + bytes));
    }
}
