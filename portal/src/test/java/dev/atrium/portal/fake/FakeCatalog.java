package dev.atrium.portal.fake;

import dev.atrium.portal.fake.FakeRegistry.Refused;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.catalog.CompleteVersion;
import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.CreateVersion;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.SetAlias;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.catalog.UpdateModel;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.Replica;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.node.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Models, versions, files, aliases and deployments. */
final class FakeCatalog {
    private static final String MODEL = "/models/([^/]+)/([^/]+)";
    private static final String VERSION = MODEL + "/versions/(\\d+)";

    private FakeCatalog() {}

    static void register(FakeRegistry registry) {
        registry.route("GET", "/models", FakeCatalog::list);
        registry.route("POST", "/models", FakeCatalog::create);
        registry.route("GET", MODEL, FakeCatalog::model);
        registry.route("PATCH", MODEL, FakeCatalog::update);
        registry.route("DELETE", MODEL, FakeCatalog::delete);
        registry.route("GET", MODEL + "/versions", FakeCatalog::versions);
        registry.route("POST", MODEL + "/versions", FakeCatalog::createVersion);
        registry.route("GET", VERSION, FakeCatalog::version);
        registry.route("PUT", VERSION + "/files/([^/]+)", FakeCatalog::putFile);
        registry.route("POST", VERSION + "/complete", FakeCatalog::complete);
        registry.route("PUT", MODEL + "/aliases/([^/]+)", FakeCatalog::setAlias);
        registry.route("GET", VERSION + "/deployment", FakeCatalog::deployment);
        registry.route("PUT", VERSION + "/deployment", FakeCatalog::deploy);
        registry.route("DELETE", VERSION + "/deployment", FakeCatalog::undeploy);
        registry.route("GET", "/deployments", call -> FakeApi.page(call, call.state().deployments));
    }

    private static Object list(FakeRegistry.Call call) {
        String text = call.query("q");
        String task = call.query("task");
        return FakeApi.page(
                call,
                call.state().models.stream()
                        .filter(m -> text == null || m.name().toString().contains(text))
                        .filter(m -> task == null || m.task().name().equals(task))
                        .toList());
    }

    private static Object create(FakeRegistry.Call call) {
        CreateModel wanted = call.body(CreateModel.class);
        ModelName name = new ModelName(call.state().current.slug(), wanted.name());
        if (find(call.state(), name).isPresent()) {
            throw new Refused(
                    409, ErrorCode.NAME_TAKEN, "There is already a model named '" + name + "'.");
        }
        Model model =
                new Model(
                        new ModelId(UUID.randomUUID()),
                        name,
                        wanted.task() == null ? Task.TENSORS : wanted.task(),
                        wanted.visibility() == null ? Visibility.PRIVATE : wanted.visibility(),
                        List.of(),
                        wanted.description(),
                        Map.of(),
                        0,
                        true,
                        Instant.now(),
                        Instant.now());
        call.state().models.addFirst(model);
        return call.created(model);
    }

    private static Object model(FakeRegistry.Call call) {
        return find(call.state(), name(call)).orElseThrow(FakeApi::absent);
    }

    private static Object update(FakeRegistry.Call call) {
        Model old = find(call.state(), name(call)).orElseThrow(FakeApi::absent);
        UpdateModel change = call.body(UpdateModel.class);
        Model changed =
                new Model(
                        old.id(),
                        old.name(),
                        old.task(),
                        change.visibility() == null ? old.visibility() : change.visibility(),
                        change.sharedWith() == null ? old.sharedWith() : change.sharedWith(),
                        change.description() == null ? old.description() : change.description(),
                        old.aliases(),
                        old.versions(),
                        old.own(),
                        old.createdAt(),
                        Instant.now());
        replace(call.state(), changed);
        return changed;
    }

    private static Object delete(FakeRegistry.Call call) {
        if (call.state().deployments.stream().anyMatch(d -> d.model().equals(name(call)))) {
            throw new Refused(
                    409,
                    ErrorCode.CONFLICT,
                    "The model still has a deployment; remove it first, then delete the model.");
        }
        call.state().models.removeIf(m -> m.name().equals(name(call)));
        return null;
    }

    private static Object versions(FakeRegistry.Call call) {
        return FakeApi.page(
                call,
                call.state().versions.stream()
                        .filter(v -> v.model().equals(name(call)))
                        .sorted(Comparator.comparing(ModelVersion::number).reversed())
                        .toList());
    }

    private static Object version(FakeRegistry.Call call) {
        return findVersion(call);
    }

    private static Object createVersion(FakeRegistry.Call call) {
        CreateVersion wanted = call.body(CreateVersion.class);
        int number =
                1
                        + (int)
                                call.state().versions.stream()
                                        .filter(v -> v.model().equals(name(call)))
                                        .count();
        ModelVersion version =
                new ModelVersion(
                        new ModelVersionId(UUID.randomUUID()),
                        name(call),
                        number,
                        VersionState.UPLOADING,
                        null,
                        null,
                        Signature.UNKNOWN,
                        wanted.settings() == null ? VersionSettings.DEFAULT : wanted.settings(),
                        List.of(),
                        0,
                        wanted.description(),
                        Instant.now(),
                        "Ada Lovelace",
                        List.of());
        call.state().versions.add(version);
        return call.created(version);
    }

    private static Object putFile(FakeRegistry.Call call) {
        byte[] bytes = call.bytes();
        ModelVersion version = findVersion(call);
        ModelFile file =
                new ModelFile(
                        call.part(4),
                        bytes.length,
                        ApiKeyFormat.sha256(String.valueOf(bytes.length)));
        call.state()
                .files
                .put(version.model() + "/" + version.number() + "/" + call.part(4), bytes);
        List<ModelFile> files = new ArrayList<>(version.files());
        files.add(file);
        replace(call.state(), with(version, VersionState.UPLOADING, null, files));
        return call.created(file);
    }

    private static Object complete(FakeRegistry.Call call) {
        CompleteVersion wanted = call.body(CompleteVersion.class);
        ModelVersion version = findVersion(call);
        if (version.files().stream().anyMatch(f -> f.path().endsWith(".pkl"))) {
            String why = "'model.pkl' is a Python pickle, which is code; export the model to ONNX.";
            replace(call.state(), with(version, VersionState.REJECTED, why, List.of()));
            throw new Refused(422, ErrorCode.ARTIFACT_REJECTED, why);
        }
        ModelVersion ready = with(version, VersionState.READY, null, version.files());
        replace(call.state(), ready);
        Model model = find(call.state(), name(call)).orElseThrow();
        boolean deploy = Boolean.TRUE.equals(wanted.deploy());
        if (deploy) {
            call.state().deployments.add(deployment(ready, 1, ReplicaState.LOADING));
        }
        replace(call.state(), aliased(model, deploy ? ready.number() : null));
        return ready;
    }

    private static Object setAlias(FakeRegistry.Call call) {
        int number = call.body(SetAlias.class).version();
        Model old = find(call.state(), name(call)).orElseThrow(FakeApi::absent);
        Map<String, Integer> aliases = new HashMap<>(old.aliases());
        aliases.put(call.part(3), number);
        Model changed =
                new Model(
                        old.id(),
                        old.name(),
                        old.task(),
                        old.visibility(),
                        old.sharedWith(),
                        old.description(),
                        aliases,
                        old.versions(),
                        old.own(),
                        old.createdAt(),
                        Instant.now());
        replace(call.state(), changed);
        return changed;
    }

    private static Object deployment(FakeRegistry.Call call) {
        ModelVersion version = findVersion(call);
        return call.state().deployments.stream()
                .filter(d -> d.versionId().equals(version.id()))
                .findFirst()
                .orElseThrow(FakeApi::absent);
    }

    private static Object deploy(FakeRegistry.Call call) {
        ModelVersion version = findVersion(call);
        Deploy wish = call.body(Deploy.class);
        Deployment before =
                call.state().deployments.stream()
                        .filter(d -> d.versionId().equals(version.id()))
                        .findFirst()
                        .orElseGet(() -> deployment(version, 0, ReplicaState.LOADING));
        call.state().deployments.removeIf(d -> d.versionId().equals(version.id()));
        Deployment deployment =
                deployment(
                        version,
                        wish.replicas(),
                        wish.pinned() == null ? before.pinned() : wish.pinned(),
                        wish.idleSeconds() == null ? before.idleSeconds() : wish.idleSeconds(),
                        wish.execution() == null ? before.computedBy() : wish.execution(),
                        ReplicaState.LOADING);
        call.state().deployments.add(deployment);
        return deployment;
    }

    private static Object undeploy(FakeRegistry.Call call) {
        ModelVersion version = findVersion(call);
        call.state().deployments.removeIf(d -> d.versionId().equals(version.id()));
        return null;
    }

    static Deployment deployment(ModelVersion version, int replicas, ReplicaState state) {
        return deployment(version, replicas, true, 0, Execution.DEFAULT, state);
    }

    private static Deployment deployment(
            ModelVersion version,
            int replicas,
            boolean pinned,
            int idleSeconds,
            Execution execution,
            ReplicaState state) {
        List<Replica> placements = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            placements.add(
                    new Replica(
                            new PlacementId(UUID.randomUUID()),
                            new NodeId(UUID.randomUUID()),
                            "node-" + (i + 1),
                            state,
                            null,
                            state == ReplicaState.READY ? 142_000_000L : 0,
                            Instant.now().minusSeconds(40)));
        }
        return new Deployment(
                version.id(),
                version.model(),
                version.number(),
                replicas,
                pinned,
                idleSeconds,
                execution,
                placements,
                Instant.now());
    }

    private static ModelVersion with(
            ModelVersion old, VersionState state, String rejection, List<ModelFile> files) {
        boolean ready = state == VersionState.READY;
        return new ModelVersion(
                old.id(),
                old.model(),
                old.number(),
                state,
                rejection,
                ready ? Framework.ONNX : null,
                ready
                        ? new Signature(
                                List.of(
                                        new TensorSpec(
                                                "image", "FP32", List.of(-1L, 1L, 28L, 28L))),
                                List.of(new TensorSpec("scores", "FP32", List.of(-1L, 10L))))
                        : Signature.UNKNOWN,
                old.settings(),
                files,
                files.stream().mapToLong(ModelFile::bytes).sum(),
                old.description(),
                old.createdAt(),
                old.createdBy(),
                old.aliases());
    }

    private static Model aliased(Model old, Integer production) {
        return new Model(
                old.id(),
                old.name(),
                old.task(),
                old.visibility(),
                old.sharedWith(),
                old.description(),
                production == null ? old.aliases() : Map.of(Model.PRODUCTION, production),
                old.versions() + 1,
                old.own(),
                old.createdAt(),
                Instant.now());
    }

    private static ModelName name(FakeRegistry.Call call) {
        return new ModelName(call.part(1), call.part(2));
    }

    private static Optional<Model> find(FakeState state, ModelName name) {
        return state.models.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    private static ModelVersion findVersion(FakeRegistry.Call call) {
        return call.state().versions.stream()
                .filter(v -> v.model().equals(name(call)))
                .filter(v -> v.number() == Integer.parseInt(call.part(3)))
                .findFirst()
                .orElseThrow(FakeApi::absent);
    }

    private static void replace(FakeState state, Model model) {
        state.models.replaceAll(m -> m.id().equals(model.id()) ? model : m);
    }

    private static void replace(FakeState state, ModelVersion version) {
        state.versions.replaceAll(v -> v.id().equals(version.id()) ? version : v);
    }
}
