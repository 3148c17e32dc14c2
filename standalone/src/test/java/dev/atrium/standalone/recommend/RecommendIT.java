package dev.atrium.standalone.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.standalone.StandalonePlatform;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.recommend.Grid.Shape;
import dev.atrium.standalone.seed.DemoTenant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small search of the whole platform. */
class RecommendIT {
    private static final StandalonePlatform PLATFORM = StandalonePlatform.shared();
    private static final ModelName FASHION = new ModelName("acme", "fashion");
    private static final String DEPLOYMENT = "/models/acme/fashion/versions/1/deployment";
    private static final Execution FORMER =
            new Execution(1, null, null, null, new Batching(null, 16, null, null, null));
    private static final Batching NO_BATCHES = new Batching(false, null, null, null, null);
    private static final Batching BATCHES = new Batching(true, 32, null, null, null);
    private static final Execution SLOW = new Execution(1, 1, null, null, NO_BATCHES);
    private static final Grid SMALL =
            new Grid(List.of(new Shape(1, 2)), List.of(NO_BATCHES, BATCHES), List.of(1, 8));

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void forget() throws IOException {
        developer().put(DEPLOYMENT, Deploy.computed(1, Execution.DEFAULT), Deployment.class);
    }

    @Test
    void measuresRecommendsAndLeavesTheDeploymentAsItWas() throws Exception {
        developer().put(DEPLOYMENT, Deploy.computed(1, FORMER), Deployment.class);
        long keys = livingKeys();

        int exitCode = command(SMALL).run(wish(null, null, false));

        assertThat(exitCode).as(text()).isZero();
        assertThat(text().lines().filter(line -> line.startsWith("as it is"))).isNotEmpty();
        assertThat(text())
                .contains(
                        "threads 1, instances 2, no batches",
                        "threads 1, instances 2, batches of 32")
                .contains("Recommended: ", "Nothing was changed")
                .doesNotContain("failed:");
        assertThat(execution()).isEqualTo(FORMER);
        assertThat(livingKeys()).as("its key is revoked").isEqualTo(keys);
    }

    @Test
    void leavesWhatIsRecommendedWhereThatIsWished() throws Exception {
        developer().put(DEPLOYMENT, Deploy.computed(1, SLOW), Deployment.class);

        int exitCode = command(SMALL).run(wish(null, null, true));

        assertThat(exitCode).as(text()).isZero();
        assertThat(text()).contains("Applied: ");
        String applied = text().lines().filter(l -> l.startsWith("Applied: ")).findFirst().get();
        if (!applied.contains("as it is")) {
            assertThat(execution().instances()).isEqualTo(2);
        }
    }

    @Test
    void saysThatNothingIsFastEnough() throws Exception {
        developer().put(DEPLOYMENT, Deploy.computed(1, FORMER), Deployment.class);
        Grid none = new Grid(List.of(), List.of(), List.of(16));

        int exitCode = command(none).run(wish(null, Duration.ofNanos(1), false));

        assertThat(exitCode).isEqualTo(1);
        assertThat(text()).contains("No setting answered all calls with a p99 within");
        assertThat(execution()).isEqualTo(FORMER);
    }

    @Test
    void showsWhyTheGivenRequestsFail(@TempDir Path folder) throws Exception {
        Path requests = Files.writeString(folder.resolve("requests"), "{\"inputs\": []}\n");
        Grid none = new Grid(List.of(), List.of(), List.of(1));

        int exitCode = command(none).run(wish(requests, null, false));

        assertThat(exitCode).isEqualTo(1);
        assertThat(text()).contains("failed: 400");
    }

    private static RecommendWish wish(Path requests, Duration p99, boolean apply) {
        return new RecommendWish(FASHION, null, requests, p99, Duration.ofSeconds(1), apply);
    }

    private RecommendCommand command(Grid grid) {
        return new RecommendCommand(
                PLATFORM.access(),
                grid,
                null,
                new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private static ManagementApi developer() throws IOException {
        return PLATFORM.access().developer(DemoTenant.ACME);
    }

    private static Execution execution() throws IOException {
        return developer().get(DEPLOYMENT, Deployment.class).computedBy();
    }

    private static long livingKeys() throws IOException {
        return developer().all("/api-keys", ApiKey.class).stream()
                .filter(key -> key.revokedAt() == null)
                .count();
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
