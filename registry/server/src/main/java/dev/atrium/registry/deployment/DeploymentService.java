package dev.atrium.registry.deployment;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.UpdateDeployment;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.catalog.CatalogFeed;
import dev.atrium.registry.catalog.DeploymentWished;
import dev.atrium.registry.catalog.StoredJson;
import dev.atrium.registry.catalog.VersionService;
import dev.atrium.registry.database.CurrentTransaction;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.node.NodeService;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Says which versions should run at which size. What a tenant may see and name is decided as the
 * tenant; the change itself is made as the platform, because it takes placements along.
 */
@Service
public class DeploymentService {
    private static final int MAX_REPLICAS = 100;

    private final JdbcClient platform;
    private final TransactionTemplate platformTransactions;
    private final CurrentTransaction transaction;
    private final VersionService versions;
    private final CatalogFeed catalogFeed;
    private final ReplicaFeed replicaFeed;
    private final DeploymentReader reader;
    private final AuditLog audit;
    private final Paging paging;
    private final NodeService nodes;
    private final StoredJson json;

    DeploymentService(
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate platformTransactions,
            CurrentTransaction transaction,
            VersionService versions,
            CatalogFeed catalogFeed,
            ReplicaFeed replicaFeed,
            DeploymentReader reader,
            AuditLog audit,
            Paging paging,
            NodeService nodes,
            StoredJson json) {
        this.platform = platform;
        this.platformTransactions = platformTransactions;
        this.transaction = transaction;
        this.versions = versions;
        this.catalogFeed = catalogFeed;
        this.replicaFeed = replicaFeed;
        this.reader = reader;
        this.audit = audit;
        this.paging = paging;
        this.nodes = nodes;
        this.json = json;
    }

    @Transactional(readOnly = true)
    public Deployment get(TenantId viewer, String tenant, String name, int number) {
        ModelVersionId version = versions.get(viewer, tenant, name, number).id();
        return reader.find(version).orElseThrow(DeploymentNotFoundException::new);
    }

    @Transactional(readOnly = true)
    public Page<Deployment> list(TenantId tenant, PageRequest request) {
        Window window = paging.window("deployments", request);
        UUID after = window.after().map(UUID::fromString).orElse(null);
        return paging.page(
                window,
                reader.list(tenant, after, window.fetch()),
                deployment -> deployment.versionId().toString(),
                deployment -> deployment);
    }

    /** Replicas that FAILED are forgotten, so asking again tries again. */
    public void deploy(TenantId owner, String tenant, String name, int number, Deploy wish) {
        change(owner, versions.getOwn(owner, tenant, name, number), version -> wish);
    }

    /** The same with parts of it; what is not deployed cannot be changed. */
    public void update(
            TenantId owner, String tenant, String name, int number, UpdateDeployment wish) {
        change(
                owner,
                versions.getOwn(owner, tenant, name, number),
                version -> merged(version, wish));
    }

    /** Holds the deployment's row, so that two changes of parts do not undo one another. */
    private Deploy merged(ModelVersion version, UpdateDeployment wish) {
        return platform.sql(
                        "SELECT replicas, execution FROM deployment WHERE version_id = ? FOR UPDATE")
                .param(version.id().value())
                .query((row, number) -> {
                    Execution before = json.execution(row.getString("execution"));
                    Integer replicas = wish.replicas();
                    return new Deploy(
                            replicas == null ? row.getInt("replicas") : replicas,
                            wish.pinned(),
                            wish.idleSeconds(),
                            wish.execution() == null ? null : before.with(wish.execution()));
                })
                .optional()
                .orElseThrow(DeploymentNotFoundException::new);
    }

    private void change(
            TenantId owner, ModelVersion version, Function<ModelVersion, Deploy> wished) {
        if (version.state() != VersionState.READY) {
            throw new VersionNotReadyException(version);
        }
        try {
            platformTransactions.executeWithoutResult(
                    status -> set(owner, version, checked(version, wished.apply(version))));
        } catch (DataIntegrityViolationException removedMeanwhile) {
            throw new DeploymentNotFoundException();
        }
    }

    private static void requireIdle(@Nullable Integer seconds) {
        boolean isFine =
                seconds == null
                        || seconds == 0
                        || (seconds >= Deploy.SHORTEST_IDLE && seconds <= Deploy.LONGEST_IDLE);
        if (!isFine) {
            throw new InvalidRequestException(
                    "'idleSeconds' is "
                            + seconds
                            + " but must be 0, for never, or "
                            + Deploy.SHORTEST_IDLE
                            + " to "
                            + Deploy.LONGEST_IDLE);
        }
    }

    private Deploy checked(ModelVersion version, Deploy wish) {
        if (wish.replicas() < 0 || wish.replicas() > MAX_REPLICAS) {
            throw new InvalidRequestException(
                    "'replicas' is " + wish.replicas() + " but must be 0 to " + MAX_REPLICAS);
        }
        requireIdle(wish.idleSeconds());
        if (wish.execution() != null) {
            // A READY version has one.
            Framework framework = Objects.requireNonNull(version.framework());
            ExecutionRules.require(wish.execution(), framework);
            requireDevice(wish.execution().wantedDevice());
        }
        return wish;
    }

    /** A CPU is everywhere, also where no node has joined yet. */
    private void requireDevice(String device) {
        List<String> devices = nodes.devices();
        if (!device.equals(Execution.CPU) && !devices.contains(device)) {
            throw new InvalidRequestException(
                    "'execution.device' is "
                            + device
                            + ", which no node has; there are "
                            + String.join(", ", devices));
        }
    }

    private void set(TenantId owner, ModelVersion version, Deploy wish) {
        String execution = wish.execution() == null ? null : json.write(wish.execution());
        platform.sql(
                        """
                        INSERT INTO deployment
                            (tenant_id, version_id, replicas, pinned, idle_seconds, execution)
                        VALUES (?, ?, ?, coalesce(?::boolean, true), coalesce(?::integer, 0),
                                coalesce(?::jsonb, '{}'))
                        ON CONFLICT (version_id) DO UPDATE
                            SET replicas = excluded.replicas, updated_at = now(),
                                pinned = coalesce(?::boolean, deployment.pinned),
                                idle_seconds = coalesce(?::integer, deployment.idle_seconds),
                                execution = coalesce(?::jsonb, deployment.execution)
                        """)
                .params(
                        Arrays.asList(
                                owner.value(),
                                version.id().value(),
                                wish.replicas(),
                                wish.pinned(),
                                wish.idleSeconds(),
                                execution,
                                wish.pinned(),
                                wish.idleSeconds(),
                                execution))
                .update();
        fixSettings(platform, owner, version.id());
        platform.sql("DELETE FROM placement WHERE version_id = ? AND state = 'FAILED'")
                .param(version.id().value())
                .update();
        catalogFeed.republish(version.id());
        audit.record(
                owner,
                "version.deployed",
                "version:" + version.model() + "/" + version.number(),
                inWords(wish));
    }

    private static String inWords(Deploy wish) {
        List<String> words = new ArrayList<>(List.of(wish.replicas() + " replicas"));
        if (wish.pinned() != null) {
            words.add(wish.pinned() ? "pinned" : "may make way for other models");
        }
        if (wish.idleSeconds() != null) {
            words.add(
                    wish.idleSeconds() == 0
                            ? "loaded at once"
                            : "loaded by calls and unloaded "
                                    + wish.idleSeconds()
                                    + " s after the last");
        }
        if (wish.execution() != null) {
            words.addAll(ExecutionRules.inWords(wish.execution()));
        }
        return String.join(", ", words);
    }

    /** Inside the transaction that accepted the version. */
    @EventListener
    void on(DeploymentWished wished) {
        transaction
                .jdbc()
                .sql(
                        """
                        INSERT INTO deployment (tenant_id, version_id, replicas) VALUES (?, ?, 1)
                        ON CONFLICT (version_id) DO NOTHING
                        """)
                .params(wished.tenant().value(), wished.version().value())
                .update();
        fixSettings(transaction.jdbc(), wished.tenant(), wished.version());
        catalogFeed.republish(wished.version());
    }

    /** What was ever run is what its calls and bills speak of. */
    private static void fixSettings(JdbcClient jdbc, TenantId owner, ModelVersionId version) {
        jdbc.sql(
                        """
                        UPDATE model_version SET deployed_at = coalesce(deployed_at, now())
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(owner.value(), version.value())
                .update();
    }

    public void undeploy(TenantId owner, String tenant, String name, int number) {
        ModelVersion version = versions.getOwn(owner, tenant, name, number);
        platformTransactions.executeWithoutResult(status -> remove(owner, version));
    }

    private void remove(TenantId owner, ModelVersion version) {
        UUID id = version.id().value();
        platform.sql("SELECT FROM deployment WHERE tenant_id = ? AND version_id = ? FOR UPDATE")
                .params(owner.value(), id)
                .query((row, number) -> version)
                .optional()
                .orElseThrow(DeploymentNotFoundException::new);
        platform.sql("DELETE FROM placement WHERE version_id = ? RETURNING id")
                .param(id)
                .query((row, number) -> new PlacementId(row.getObject("id", UUID.class)))
                .list()
                .forEach(replicaFeed::gone);
        platform.sql("DELETE FROM deployment WHERE version_id = ?").param(id).update();
        catalogFeed.republish(version.id());
        audit.record(
                owner,
                "version.undeployed",
                "version:" + version.model() + "/" + version.number(),
                null);
    }
}
