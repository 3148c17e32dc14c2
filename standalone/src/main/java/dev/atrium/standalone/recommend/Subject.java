package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.DemoTenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version that is measured, and who may: the installation's operator for models of the
 * platform, the demo's developers for theirs, else whoever {@value #KEY} is the API key of.
 */
final class Subject {
    static final String KEY = "ATRIUM_API_KEY";
    private static final String PLATFORM = "atrium";
    private static final int MANY = 1_000_000;
    private static final Duration PROPAGATION = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Access access;
    private final ModelName name;
    private final @Nullable String givenKey;

    Subject(Access access, ModelName name, @Nullable String givenKey) {
        this.access = access;
        this.name = name;
        this.givenKey = givenKey;
    }

    /** With a fresh token: measuring takes longer than one lives. */
    ManagementApi management() {
        try {
            if (givenKey != null) {
                return access.management(givenKey);
            }
            if (name.tenant().equals(PLATFORM)) {
                return access.operator();
            }
            return access.developer(demoTenant());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DemoTenant demoTenant() {
        return Arrays.stream(DemoTenant.values())
                .filter(tenant -> tenant.slug().equals(name.tenant()))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "set "
                                        + KEY
                                        + " to an API key of "
                                        + name.tenant()
                                        + " with the scopes models:read, models:deploy and"
                                        + " inference:invoke"));
    }

    /** Of the number, of production, or else the newest that is deployed. */
    ModelVersion version(@Nullable Integer number) {
        int wanted = number == null ? chosen() : number;
        return management().get(versionPath(wanted), ModelVersion.class);
    }

    private int chosen() {
        Integer production = model().aliases().get(Model.PRODUCTION);
        if (production != null) {
            return production;
        }
        return deployments().stream()
                .map(Deployment::version)
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new IllegalArgumentException(name + " is not deployed"));
    }

    private Model model() {
        return management().get("/models/" + name, Model.class);
    }

    private List<Deployment> deployments() {
        return management().all("/deployments", Deployment.class).stream()
                .filter(deployment -> deployment.model().equals(name))
                .filter(deployment -> deployment.replicas() > 0)
                .toList();
    }

    /** Calls of texts name a model and no version. */
    Task taskOf(ModelVersion version) {
        Model model = model();
        boolean byName =
                model.task() == Task.TEXT_EMBEDDING || model.task() == Task.TEXT_GENERATION;
        if (byName && chosen() != version.number()) {
            throw new IllegalArgumentException(
                    "calls of "
                            + model.task()
                            + " go to version "
                            + chosen()
                            + "; give the alias production to version "
                            + version.number()
                            + " first");
        }
        return model.task();
    }

    private String versionPath(int number) {
        return "/models/" + name + "/versions/" + number;
    }

    String deploymentPath(ModelVersion version) {
        return versionPath(version.number()) + "/deployment";
    }

    /** A key for an hour that nobody limits, or the one that was given. */
    Credential credential() throws InterruptedException {
        if (givenKey != null) {
            return new Credential(givenKey, Optional.empty());
        }
        CreatedApiKey made =
                management()
                        .post(
                                "/api-keys",
                                new CreateApiKey(
                                        "made by ./atrium recommend",
                                        null,
                                        List.of(name.toString()),
                                        Instant.now().plus(Duration.ofHours(1)),
                                        MANY,
                                        null),
                                CreatedApiKey.class);
        awaitAccepted(access.calls(made.secret()));
        return new Credential(made.secret(), Optional.of(made.apiKey().id()));
    }

    private static void awaitAccepted(GatewayCalls calls) throws InterruptedException {
        long until = System.nanoTime() + PROPAGATION.toNanos();
        while (!calls.get("/v1/models").isOk() && System.nanoTime() - until < 0) {
            Thread.sleep(LOOK);
        }
    }

    void revoke(Credential credential) {
        credential.made().ifPresent(id -> management().delete("/api-keys/" + id));
    }

    /**
     * @param made by this program, to be revoked in the end
     */
    record Credential(String secret, Optional<String> made) {}
}
