package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.leader.Leadership;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Rejects versions whose upload nobody ended, so that their bytes do not stay for ever. The age is
 * that of the version: who has not completed it a day later begins another one.
 */
@Component
class AbandonedUploads {
    private record Abandoned(TenantId tenant, ModelName model, int number) {}

    private static final Logger log = LoggerFactory.getLogger(AbandonedUploads.class);
    private static final int BATCH = 1_000;

    private final Leadership leadership;
    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final VersionLookup versions;
    private final VersionStates states;
    private final VersionFiles files;
    private final AuditLog audit;
    private final CatalogProperties properties;
    private final Clock clock;

    AbandonedUploads(
            Leadership leadership,
            @Qualifier("platformJdbc") JdbcClient platform,
            TransactionTemplate transactions,
            VersionLookup versions,
            VersionStates states,
            VersionFiles files,
            AuditLog audit,
            CatalogProperties properties,
            Clock clock) {
        this.leadership = leadership;
        this.platform = platform;
        this.transactions = transactions;
        this.versions = versions;
        this.states = states;
        this.files = files;
        this.audit = audit;
        this.properties = properties;
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "PT2M", fixedDelayString = "PT15M")
    void reject() {
        if (!leadership.isLeader()) {
            return;
        }
        for (Abandoned version : abandoned()) {
            TenantScope.run(version.tenant(), () -> reject(version));
        }
    }

    private void reject(Abandoned abandoned) {
        try {
            List<ModelFile> given =
                    Objects.requireNonNull(transactions.execute(status -> rejected(abandoned)));
            files.removeUnnamed(abandoned.tenant(), given.stream().map(ModelFile::sha256).toList());
        } catch (ModelNotFoundException removed) {
            log.debug("an abandoned version was removed meanwhile");
        }
    }

    /** The files that the version had. */
    private List<ModelFile> rejected(Abandoned abandoned) {
        states.lock(abandoned.tenant(), current(abandoned).id());
        VersionRow version = current(abandoned);
        if (version.state() != VersionState.UPLOADING) {
            return List.of();
        }
        String reason =
                "the upload was not completed within "
                        + properties.abandonedAfter().toHours()
                        + " hours; upload another version";
        states.toRejected(version, reason);
        audit.record(
                "version.rejected",
                "version:" + abandoned.model() + "/" + abandoned.number(),
                reason);
        log.info("version {}/{} was abandoned", abandoned.model(), abandoned.number());
        return version.files();
    }

    private VersionRow current(Abandoned version) {
        return versions.own(
                version.tenant(),
                version.model().tenant(),
                version.model().name(),
                version.number());
    }

    private List<Abandoned> abandoned() {
        return platform.sql(
                        """
                        SELECT v.tenant_id, d.slug, m.name, v.number
                        FROM model_version v JOIN model m ON m.id = v.model_id
                             JOIN tenant_directory d ON d.id = v.tenant_id
                        WHERE v.state = 'UPLOADING' AND v.created_at < ?
                        ORDER BY v.id LIMIT ?
                        """)
                .params(
                        clock.instant().minus(properties.abandonedAfter()).atOffset(ZoneOffset.UTC),
                        BATCH)
                .query((row, index) ->
                        new Abandoned(
                                new TenantId(row.getObject("tenant_id", UUID.class)),
                                new ModelName(row.getString("slug"), row.getString("name")),
                                row.getInt("number")))
                .list();
    }
}
