package dev.atrium.registry.api.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The feed's bodies survive the wire: what the registry writes, a gateway reads back equal. */
class FeedJsonTests {
    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void modelComesBackEqual() {
        FeedModel model =
                new FeedModel(
                        new ModelId(UUID.randomUUID()),
                        new TenantId(UUID.randomUUID()),
                        ModelName.of("acme/fashion"),
                        Task.TENSORS,
                        Visibility.SHARED,
                        List.of(new TenantId(UUID.randomUUID())),
                        Map.of("production", 2),
                        List.of(
                                new FeedVersion(
                                        new ModelVersionId(UUID.randomUUID()),
                                        2,
                                        Framework.ONNX,
                                        new Signature(
                                                List.of(
                                                        new TensorSpec(
                                                                "x", "FP32", List.of(-1L, 4L))),
                                                List.of(
                                                        new TensorSpec(
                                                                "y", "FP32", List.of(-1L, 3L)))),
                                        VersionSettings.DEFAULT)),
                        Instant.parse("2026-11-22T10:00:00Z"));
        FeedPage page =
                new FeedPage(
                        UUID.randomUUID(),
                        true,
                        7,
                        false,
                        List.of(
                                new FeedEntry(
                                        FeedKind.MODEL,
                                        model.id().toString(),
                                        6,
                                        json.valueToTree(model)),
                                new FeedEntry(FeedKind.API_KEY, "gone", 7, null)));

        FeedPage read = json.readValue(json.writeValueAsString(page), FeedPage.class);

        assertThat(read.revision()).isEqualTo(7);
        assertThat(json.treeToValue(read.entries().getFirst().body(), FeedModel.class))
                .isEqualTo(model);
        assertThat(read.entries().get(1).body() == null || read.entries().get(1).body().isNull())
                .isTrue();
    }
}
