package dev.atrium.registry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.artifact.ModelBytes;
import dev.atrium.testing.SmallDisk;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A store on a disk that really has no room. */
@ExtendWith(OutputCaptureExtension.class)
class FullStoreIT extends RegistryTest {
    private static final Path STORE = Path.of("target/store");
    private static final int DISK = 1 << 20;
    private static final byte[] TOO_LARGE = Arrays.copyOf(ModelBytes.onnx(), DISK + DISK / 2);

    @Test
    void aFullDiskIsSaidSoAndNothingOfTheUploadStaysAndItCanBeRepeated(CapturedOutput output)
            throws IOException {
        TestTenant acme = tenant("acme");
        http().post("/api/v1/models", acme.ownerToken(), "{\"name\": \"iris\"}");
        String version = "/api/v1/models/" + acme.slug() + "/iris/versions/1";
        http().post("/api/v1/models/" + acme.slug() + "/iris/versions", acme.ownerToken(), "{}");

        try (SmallDisk disk = SmallDisk.over(STORE, DISK)) {
            Files.createDirectories(STORE.resolve("incoming"));
            long before = disk.files().size();

            Answer full = put(acme, version, TOO_LARGE);
            Answer other = http().get(version, acme.ownerToken());
            Answer small = put(acme, version, ModelBytes.onnx());
            long kept = disk.files().size() - before;
            disk.grow();
            Answer again = put(acme, version, TOO_LARGE);

            assertThat(full.status()).as(full.text()).isEqualTo(507);
            assertThat(full.header("Content-Type")).startsWith("application/problem+json");
            assertThat(full.code()).isEqualTo("storage_full");
            assertThat(full.json().path("detail").asString())
                    .contains("no room")
                    .doesNotContain("/");
            assertThat(other.json().path("state").asString()).isEqualTo("UPLOADING");
            assertThat(other.json().path("files").size()).isZero();
            assertThat(small.status()).as(small.text()).isEqualTo(201);
            assertThat(kept).as("the small file alone").isEqualTo(1);
            assertThat(again.status()).as(again.text()).isEqualTo(201);
            assertThat(again.json().path("bytes").asLong()).isEqualTo(TOO_LARGE.length);
        }
        assertThat(output.toString().lines().filter(line -> line.contains("has no room")))
                .singleElement()
                .asString()
                .contains("ERROR", acme.id().toString());
    }

    private Answer put(TestTenant tenant, String version, byte[] content) {
        return http().send(
                        http().request(version + "/files/model.onnx")
                                .header("Authorization", "Bearer " + tenant.ownerToken())
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
    }
}
