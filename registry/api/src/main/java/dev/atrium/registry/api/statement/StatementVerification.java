package dev.atrium.registry.api.statement;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a recomputation from the ledger's rows found.
 *
 * @param statements that were looked at
 * @param rows of the ledger that were read
 * @param expired statements whose rows the ledger keeps no longer; of those the chain is verified
 * @param wrong how many findings there are
 * @param findings the first of them, 100 at most
 * @param head hash of the last statement; kept elsewhere, it also proves that none was replaced
 */
public record StatementVerification(
        LocalDate from,
        LocalDate to,
        long statements,
        long rows,
        long expired,
        long wrong,
        List<Finding> findings,
        @Nullable String head) {
    public StatementVerification {
        findings = List.copyOf(findings);
    }

    public enum Kind {
        /** A row is not what it was when its statement was made. */
        ROW_ALTERED,
        /** A row that a statement counts is gone. */
        ROW_MISSING,
        /** A row of a closed day that no statement counts and nobody posted. */
        ROW_ADDED,
        /** The hashes kept of the rows are not those that the statement was made of. */
        DIGEST_DIFFERS,
        /** The statement's sums or adjustments are not those of the rows. */
        SUMS_DIFFER,
        /** The document is not the one that was hashed or sealed. */
        STATEMENT_ALTERED,
        /** A closed day has no statement. */
        STATEMENT_MISSING,
        /** The statement does not follow the one of the day before. */
        CHAIN_BROKEN
    }

    /**
     * @param day of the statement, or of the row
     * @param callId of the row; null where the finding is about a statement
     */
    public record Finding(LocalDate day, Kind kind, @Nullable UUID callId, String detail) {}
}
