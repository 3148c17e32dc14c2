package dev.atrium.standalone.seed;

import dev.atrium.registry.api.catalog.CompleteVersion;
import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.CreateVersion;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.SetAlias;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Replica;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.standalone.client.ApiFailure;
import dev.atrium.standalone.client.ManagementApi;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Brings one model from nothing, or from wherever a killed seed left it, to READY on a node. */
record ModelSeed(ManagementApi api, SampleModel sample) {
    private static final int NOT_FOUND = 404;
    private static final Duration LOADING = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(250);

    /** Uploads what is missing and asks for one replica. */
    void upload() throws IOException {
        Model model =
                found(() -> api.get(path(), Model.class))
                        .orElseGet(() -> api.post("/models", creation(), Model.class));
        ModelVersion version = readyVersion();
        if (!model.aliases().containsKey(Model.PRODUCTION)) {
            api.put(
                    path() + "/aliases/" + Model.PRODUCTION,
                    new SetAlias(version.number()),
                    Model.class);
        }
        String deployment = deployment(version);
        if (found(() -> api.get(deployment, Deployment.class)).isEmpty()) {
            api.put(deployment, Deploy.replicas(1), Deployment.class);
        }
    }

    /** Waits for a replica that takes calls. */
    void awaitReady() throws IOException, InterruptedException {
        String deployment = deployment(readyVersion());
        long end = System.nanoTime() + LOADING.toNanos();
        while (true) {
            Deployment now = api.get(deployment, Deployment.class);
            if (now.ready() > 0) {
                return;
            }
            requireHope(now, System.nanoTime() < end);
            Thread.sleep(POLL);
        }
    }

    private void requireHope(Deployment now, boolean inTime) throws IOException {
        Optional<Replica> failed =
                now.placements().stream()
                        .filter(replica -> replica.state() == ReplicaState.FAILED)
                        .findFirst();
        if (failed.isPresent()) {
            throw new IOException(sample.name() + " did not load: " + failed.get().reason());
        }
        if (!inTime) {
            throw new IOException(
                    sample.name()
                            + " is not READY after "
                            + LOADING.toMinutes()
                            + " minutes: "
                            + now);
        }
    }

    private CreateModel creation() {
        return new CreateModel(
                sample.name().name(),
                sample.task(),
                sample.visibility(),
                List.of(),
                sample.description());
    }

    /** A version that is already READY, else the one that was being uploaded, else a new one. */
    private ModelVersion readyVersion() throws IOException {
        List<ModelVersion> versions = api.all(path() + "/versions", ModelVersion.class);
        Optional<ModelVersion> ready = inState(versions, VersionState.READY);
        if (ready.isPresent()) {
            return ready.get();
        }
        ModelVersion open =
                inState(versions, VersionState.UPLOADING)
                        .orElseGet(() ->
                                api.post(
                                        path() + "/versions",
                                        new CreateVersion(null, sample.settings()),
                                        ModelVersion.class));
        for (Map.Entry<String, String> file : sample.files().entrySet()) {
            api.putFile(
                    sample.name(),
                    open.number(),
                    file.getKey(),
                    () -> sample.open(file.getValue()));
        }
        return api.post(
                path() + "/versions/" + open.number() + "/complete",
                new CompleteVersion(false),
                ModelVersion.class);
    }

    private static Optional<ModelVersion> inState(List<ModelVersion> versions, VersionState state) {
        return versions.stream().filter(version -> version.state() == state).findFirst();
    }

    private String path() {
        return "/models/" + sample.name();
    }

    private String deployment(ModelVersion version) {
        return path() + "/versions/" + version.number() + "/deployment";
    }

    private static <T> Optional<T> found(Supplier<T> request) {
        try {
            return Optional.of(request.get());
        } catch (ApiFailure failure) {
            if (failure.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }
}
