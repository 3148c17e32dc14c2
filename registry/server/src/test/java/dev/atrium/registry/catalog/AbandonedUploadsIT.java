package dev.atrium.registry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.artifact.ModelBytes;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.leader.Leadership;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Versions whose upload nobody ends. */
class AbandonedUploadsIT extends RegistryTest {
    @Autowired Leadership leadership;
    @Autowired TransactionTemplate transactions;
    @Autowired VersionLookup versions;
    @Autowired VersionStates states;
    @Autowired VersionFiles files;
    @Autowired AuditLog audit;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    private final MutableClock clock = new MutableClock(Instant.now());

    @Test
    void areRejectedADayLaterWithTheirFilesAndAnAuditRow() throws IOException {
        TestTenant acme = tenant("acme");
        upload(acme, "iris");
        AbandonedUploads sweep = sweep();
        await().until(leadership::isLeader);

        clock.advance(Duration.ofHours(23));
        sweep.reject();
        VersionState before = version(acme, "iris").state();
        clock.advance(Duration.ofHours(2));
        sweep.reject();

        assertThat(before).isEqualTo(VersionState.UPLOADING);
        ModelVersion rejected = version(acme, "iris");
        assertThat(rejected.state()).isEqualTo(VersionState.REJECTED);
        assertThat(rejected.rejection()).contains("not completed within 24 hours");
        assertThat(rejected.files()).isEmpty();
        assertThat(stored(acme)).isZero();
        assertThat(http().get("/api/v1/audit", acme.ownerToken()).text())
                .contains(
                        "version.rejected", "version:" + acme.slug() + "/iris/1", "not completed");
        assertThat(put(acme, "iris")).isEqualTo(409);
    }

    @Test
    void takeNoBytesAlongThatAnotherVersionNames() throws IOException {
        TestTenant acme = tenant("acme");
        http().send(
                        http().request(
                                        "/api/v1/models/"
                                                + acme.slug()
                                                + "/kept/upload?file=model.onnx")
                                .header("Authorization", "Bearer " + acme.ownerToken())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(ModelBytes.onnx())));
        upload(acme, "left");
        await().until(leadership::isLeader);

        clock.advance(Duration.ofHours(25));
        sweep().reject();

        assertThat(version(acme, "left").state()).isEqualTo(VersionState.REJECTED);
        assertThat(version(acme, "kept").state()).isEqualTo(VersionState.READY);
        assertThat(stored(acme)).isEqualTo(1);
    }

    private AbandonedUploads sweep() {
        return new AbandonedUploads(
                leadership,
                platform,
                transactions,
                versions,
                states,
                files,
                audit,
                new CatalogProperties(Duration.ofHours(24)),
                clock);
    }

    private void upload(TestTenant tenant, String name) {
        http().post("/api/v1/models", tenant.ownerToken(), "{\"name\": \"" + name + "\"}");
        String model = "/api/v1/models/" + tenant.slug() + "/" + name;
        http().post(model + "/versions", tenant.ownerToken(), "{}");
        assertThat(put(tenant, name)).isEqualTo(201);
    }

    private int put(TestTenant tenant, String name) {
        return http().send(
                        http().request(
                                        "/api/v1/models/"
                                                + tenant.slug()
                                                + "/"
                                                + name
                                                + "/versions/1/files/model.onnx")
                                .header("Authorization", "Bearer " + tenant.ownerToken())
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(ModelBytes.onnx())))
                .status();
    }

    private ModelVersion version(TestTenant tenant, String name) {
        return http().get(
                        "/api/v1/models/" + tenant.slug() + "/" + name + "/versions/1",
                        tenant.ownerToken())
                .as(ModelVersion.class);
    }

    private static long stored(TestTenant tenant) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("target/store", tenant.id().toString()))) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
