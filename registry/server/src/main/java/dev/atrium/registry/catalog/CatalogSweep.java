package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.artifact.ArtifactStore;
import dev.atrium.registry.database.TenantScope;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Mends what a killed registry left: versions whose inspection nobody ends, and stored bytes that
 * no version names because the registry died between storing and writing the row.
 */
@Component
class CatalogSweep {
    private record Stuck(TenantId tenant, ModelName model, int number) {}

    private static final Logger log = LoggerFactory.getLogger(CatalogSweep.class);
    private static final String ACTOR = "system";
    private static final Duration UNNAMED_FOR = Duration.ofHours(1);

    private final JdbcClient platform;
    private final VersionCompletion completion;
    private final VersionFiles files;
    private final ArtifactStore store;

    CatalogSweep(
            @Qualifier("platformJdbc") JdbcClient platform,
            VersionCompletion completion,
            VersionFiles files,
            ArtifactStore store) {
        this.platform = platform;
        this.completion = completion;
        this.files = files;
        this.store = store;
    }

    @Scheduled(initialDelayString = "PT30S", fixedDelayString = "PT5M")
    void endInspections() {
        for (Stuck version : stuck()) {
            try {
                TenantScope.call(version.tenant(), () -> complete(version));
            } catch (VersionRejectedException rejected) {
                log.info("version {}/{} was rejected", version.model(), version.number());
            }
        }
    }

    private Object complete(Stuck version) {
        return completion.complete(
                version.tenant(),
                ACTOR,
                version.model().tenant(),
                version.model().name(),
                version.number(),
                VersionCompletion.Then.NOTHING);
    }

    /** An inspection that is still running is merely done twice. */
    private List<Stuck> stuck() {
        return platform.sql(
                        """
                        SELECT v.tenant_id, d.slug, m.name, v.number
                        FROM model_version v JOIN model m ON m.id = v.model_id
                             JOIN tenant_directory d ON d.id = v.tenant_id
                        WHERE v.state = 'INSPECTING' AND v.created_at < now() - interval '10 minutes'
                        LIMIT 100
                        """)
                .query((row, index) ->
                        new Stuck(
                                new TenantId(row.getObject("tenant_id", UUID.class)),
                                new ModelName(row.getString("slug"), row.getString("name")),
                                row.getInt("number")))
                .list();
    }

    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1H")
    void removeUnnamedBytes() {
        List<TenantId> tenants =
                platform.sql("SELECT id FROM tenant_directory")
                        .query((row, index) -> new TenantId(row.getObject("id", UUID.class)))
                        .list();
        for (TenantId tenant : tenants) {
            try (Stream<String> digests = store.digestsOlderThan(tenant, UNNAMED_FOR)) {
                files.removeUnnamed(tenant, digests.toList());
            }
        }
    }
}
