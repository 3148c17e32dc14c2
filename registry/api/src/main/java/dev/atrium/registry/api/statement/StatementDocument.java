package dev.atrium.registry.api.statement;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A tenant's UTC day as it was closed. Its hash is the SHA-256 of the JSON text that the registry
 * keeps, byte by byte.
 *
 * @param format of the document and of what the digests are made of
 * @param previousHash of the statement of the day before; 64 zeros on the first one
 * @param total calls that began on the day and were posted before it was closed
 * @param sides who said what of those calls
 * @param rows the ledger's rows of those calls
 * @param late calls of earlier days that were posted after their own statement
 * @param adjustments corrections and credits that were posted while this day was open
 * @param balance {@code total}, {@code late} and {@code adjustments} together
 */
public record StatementDocument(
        int format,
        TenantId tenantId,
        LocalDate day,
        String previousHash,
        Figures total,
        List<ProjectTotal> projects,
        List<PrincipalTotal> principals,
        List<ModelTotal> models,
        Sides sides,
        Rows rows,
        Late late,
        List<Adjustment> adjustments,
        Figures balance) {
    public StatementDocument {
        // Also of a text that somebody altered, which must not be half a document.
        Stream.of(tenantId, day, previousHash, total, sides, rows, late, balance)
                .forEach(Objects::requireNonNull);
        projects = List.copyOf(projects);
        principals = List.copyOf(principals);
        models = List.copyOf(models);
        adjustments = List.copyOf(adjustments);
    }

    public record ProjectTotal(ProjectId projectId, Figures figures) {}

    public record PrincipalTotal(PrincipalKind kind, String principalId, Figures figures) {}

    public record ModelTotal(
            ModelId modelId,
            ModelName model,
            ModelVersionId versionId,
            int version,
            Figures figures) {}

    /**
     * @param gateways calls that gateways settled
     * @param settledFromNodes calls of killed gateways, settled from the nodes' accounts; together
     *     with {@code gateways} they are the ledger
     * @param nodes what the nodes say of the last attempt of the ledger's calls
     * @param missingAtNodes calls that name a node which has shipped no account
     * @param otherFigures calls of which ledger and node say different things
     * @param openOrphans calls of killed gateways that were not resolved in time; they are posted
     *     late if they are
     * @param lateAccounts nodes' accounts of calls of earlier days that came after their statement
     */
    public record Sides(
            Figures gateways,
            Figures settledFromNodes,
            Figures nodes,
            long missingAtNodes,
            long otherFigures,
            long openOrphans,
            long lateAccounts) {}

    /**
     * @param digest SHA-256 over the rows' hashes in the order of their call ids
     * @param hours the same by hour of the day, hours without calls left out
     */
    public record Rows(long count, String digest, List<Hour> hours) {
        public Rows {
            hours = List.copyOf(hours);
        }
    }

    public record Hour(int hour, long count, String digest) {}

    /**
     * @param digest SHA-256 over the rows' hashes in the order of their days and call ids
     */
    public record Late(long count, String digest, List<LateTotal> totals) {
        public Late {
            totals = List.copyOf(totals);
        }
    }

    /**
     * @param day on which the calls began
     */
    public record LateTotal(
            LocalDate day, ProjectId projectId, ModelName model, int version, Figures figures) {}
}
