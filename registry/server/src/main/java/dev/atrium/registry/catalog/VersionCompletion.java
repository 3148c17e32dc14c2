package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.artifact.ArtifactInspection;
import dev.atrium.registry.artifact.ArtifactStore;
import dev.atrium.registry.artifact.Inspection;
import dev.atrium.registry.audit.AuditLog;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends an upload: INSPECTING while the files are looked at, then READY or REJECTED.
 *
 * <p>No transaction is open during the look. The files cannot change any more, so when two look at
 * the same version, because a registry died or a caller repeated its request, both find the same
 * and the first one to say so counts.
 */
@Service
public class VersionCompletion {
    private final TransactionTemplate transactions;
    private final ModelLookup models;
    private final VersionLookup versions;
    private final VersionFiles files;
    private final VersionStates states;
    private final AliasService aliases;
    private final ArtifactInspection inspection;
    private final ArtifactStore store;
    private final AuditLog audit;
    private final ApplicationEventPublisher events;

    VersionCompletion(
            TransactionTemplate transactions,
            ModelLookup models,
            VersionLookup versions,
            VersionFiles files,
            VersionStates states,
            AliasService aliases,
            ArtifactInspection inspection,
            ArtifactStore store,
            AuditLog audit,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.models = models;
        this.versions = versions;
        this.files = files;
        this.states = states;
        this.aliases = aliases;
        this.inspection = inspection;
        this.store = store;
        this.audit = audit;
        this.events = events;
    }

    /** What to do with a version that becomes READY. */
    public enum Then {
        NOTHING,
        /** Alias it {@code production} and ask for one replica. */
        DEPLOY
    }

    /**
     * @param actor as the alias' history names it
     * @throws VersionRejectedException with the reason that the version keeps
     */
    public ModelVersion complete(
            TenantId owner, String actor, String tenant, String name, int number, Then then) {
        VersionRow version = transact(() -> begin(owner, tenant, name, number));
        Inspection found = inspection.inspect(paths(version));
        VersionRow ended = transact(() -> end(actor, version, found, then));
        if (ended.state() == VersionState.REJECTED) {
            files.removeUnnamed(owner, version.files().stream().map(ModelFile::sha256).toList());
            throw new VersionRejectedException(String.valueOf(ended.rejection()));
        }
        return ended.toVersion(owner);
    }

    private VersionRow begin(TenantId owner, String tenant, String name, int number) {
        states.lock(owner, versions.own(owner, tenant, name, number).id());
        VersionRow version = versions.own(owner, tenant, name, number);
        switch (version.state()) {
            case UPLOADING -> {
                if (version.files().isEmpty()) {
                    throw new CatalogConflictException(
                            "version " + number + " has no files yet; put one first");
                }
                states.toInspecting(version);
            }
            case INSPECTING -> {
                // Somebody looks at it, or did so when its registry died.
            }
            case READY, REJECTED, RETIRED ->
                    throw new CatalogConflictException(
                            "version " + number + " is complete already: it is " + version.state());
        }
        return version;
    }

    private Map<String, Path> paths(VersionRow version) {
        Map<String, Path> paths = new LinkedHashMap<>();
        for (ModelFile file : version.files()) {
            Path path =
                    store.find(version.tenantId(), file.sha256())
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "the store has lost " + file.sha256()));
            paths.put(file.path(), path);
        }
        return paths;
    }

    private VersionRow end(String actor, VersionRow begun, Inspection found, Then then) {
        TenantId owner = begun.tenantId();
        states.lock(owner, begun.id());
        VersionRow version = current(begun);
        if (version.state() != VersionState.INSPECTING) {
            return version;
        }
        ModelRow model = models.own(owner, begun.model().tenant(), begun.model().name());
        String subject = "version:" + begun.model() + "/" + begun.number();
        switch (VersionVerdict.of(model, version.settings(), found)) {
            case VersionVerdict.Rejected rejected -> {
                states.toRejected(version, rejected.reason());
                audit.record("version.rejected", subject, rejected.reason());
            }
            case VersionVerdict.Ready ready -> {
                states.toReady(version, ready);
                audit.record("version.ready", subject, ready.framework().name());
                if (then == Then.DEPLOY) {
                    aliases.move(model, current(begun), Model.PRODUCTION, actor);
                    events.publishEvent(new DeploymentWished(owner, version.id()));
                }
            }
        }
        return current(begun);
    }

    private VersionRow current(VersionRow version) {
        return versions.own(
                version.tenantId(),
                version.model().tenant(),
                version.model().name(),
                version.number());
    }

    private <T> T transact(Supplier<T> work) {
        return Objects.requireNonNull(transactions.execute(status -> work.get()));
    }
}
