package dev.atrium.registry.statement;

import dev.atrium.registry.api.statement.StatementDocument;
import dev.atrium.registry.api.statement.StatementDocument.Hour;
import dev.atrium.registry.api.statement.StatementDocument.Rows;
import dev.atrium.registry.api.statement.StatementVerification.Kind;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What can be wrong with one statement, its rows apart. */
@Component
class StatementCheck {
    private final StatementMaker maker;
    private final Seal seal;
    private final JsonMapper json;

    StatementCheck(StatementMaker maker, Seal seal, JsonMapper json) {
        this.maker = maker;
        this.seal = seal;
        this.json = json;
    }

    /** The document is the one that was hashed and sealed; null when it cannot be read. */
    @Nullable StatementDocument checkForm(TenantId tenant, Verifier.Kept kept, Findings findings) {
        if (!Seal.hash(kept.document()).equals(kept.hash())) {
            findings.add(kept.day(), Kind.STATEMENT_ALTERED, "the document does not have its hash");
        }
        if (!seal.of(kept.hash()).equals(kept.seal())) {
            findings.add(
                    kept.day(), Kind.STATEMENT_ALTERED, "the hash was not sealed by a registry");
        }
        Optional<StatementDocument> document = read(kept.document());
        if (document.isEmpty()) {
            findings.add(kept.day(), Kind.STATEMENT_ALTERED, "the document cannot be read");
        } else if (!document.get().tenantId().equals(tenant)
                || !document.get().day().equals(kept.day())) {
            findings.add(
                    kept.day(), Kind.STATEMENT_ALTERED, "the document is of another tenant or day");
        }
        return document.orElse(null);
    }

    private Optional<StatementDocument> read(String text) {
        try {
            // The text "null" is JSON, too.
            return Optional.ofNullable(json.readValue(text, StatementDocument.class));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    void checkChain(
            Verifier.Kept kept,
            @Nullable StatementDocument document,
            Optional<Verifier.Kept> previous,
            boolean first,
            Findings findings) {
        String expected = previous.map(Verifier.Kept::hash).orElse(StatementMaker.NO_HASH);
        if (document != null && !document.previousHash().equals(expected)) {
            findings.add(
                    kept.day(),
                    Kind.CHAIN_BROKEN,
                    "the statement names another one before it than "
                            + previous.map(it -> "that of " + it.day()).orElse("none"));
        }
        boolean follows = previous.map(it -> it.day().plusDays(1).equals(kept.day())).orElse(first);
        if (!follows) {
            findings.add(kept.day(), Kind.CHAIN_BROKEN, "there is no statement of the day before");
        }
    }

    /**
     * Recomputed from rows and adjustments; what nodes said may have grown since.
     *
     * @param lateKept whether the ledger still has the days of the statement's late rows
     */
    void checkContent(
            TenantId tenant, StatementDocument kept, boolean lateKept, Findings findings) {
        LocalDate day = kept.day();
        StatementDocument now = maker.document(tenant, day, kept.previousHash(), kept.sides());
        if (!now.rows().equals(kept.rows())) {
            findings.add(
                    day,
                    Kind.DIGEST_DIFFERS,
                    "the kept hashes of rows are not those of the statement, in hour "
                            + hours(kept.rows(), now.rows()));
        }
        if (lateKept
                && (now.late().count() != kept.late().count()
                        || !now.late().digest().equals(kept.late().digest()))) {
            findings.add(
                    day,
                    Kind.DIGEST_DIFFERS,
                    "the kept hashes of late rows are not those of the statement");
        }
        String sums = differing(now, kept, lateKept);
        if (!sums.isEmpty()) {
            findings.add(day, Kind.SUMS_DIFFER, "the rows come to something else: " + sums);
        }
    }

    private static String differing(
            StatementDocument now, StatementDocument kept, boolean lateKept) {
        Stream<Optional<String>> own =
                Stream.of(
                        differs("total", now.total(), kept.total()),
                        differs("projects", now.projects(), kept.projects()),
                        differs("principals", now.principals(), kept.principals()),
                        differs("models", now.models(), kept.models()),
                        differs("adjustments", now.adjustments(), kept.adjustments()));
        Stream<Optional<String>> withLate =
                lateKept
                        ? Stream.of(
                                differs("late", now.late().totals(), kept.late().totals()),
                                differs("balance", now.balance(), kept.balance()))
                        : Stream.empty();
        return Stream.concat(own, withLate)
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
    }

    private static Optional<String> differs(String name, Object one, Object other) {
        return Objects.equals(one, other) ? Optional.empty() : Optional.of(name);
    }

    private static String hours(Rows one, Rows other) {
        Set<Hour> differing = new HashSet<>(one.hours());
        Set<Hour> same = new HashSet<>(other.hours());
        same.retainAll(differing);
        differing.addAll(other.hours());
        differing.removeAll(same);
        return differing.stream()
                .map(Hour::hour)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }
}
