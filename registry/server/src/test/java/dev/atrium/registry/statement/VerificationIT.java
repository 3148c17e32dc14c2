package dev.atrium.registry.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.statement.StatementVerification;
import dev.atrium.registry.api.statement.StatementVerification.Finding;
import dev.atrium.registry.api.statement.StatementVerification.Kind;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.usage.TestCalls;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the owner of the database changes afterwards is named. */
class VerificationIT extends StatementTest {
    private TestTenant acme;
    private LocalDate day;
    private UsageRecord call;
    private UsageRecord other;

    @BeforeEach
    void closeADayWithTwoCalls() {
        acme = newTenant("acme");
        day = openDay();
        call = shippedCall(acme, at(day, "10:00:00"), 5, 5);
        other = shippedCall(acme, at(day, "11:00:00"), 6, 6);
        one.http()
                .post(
                        "/api/v1/admin/tenants/" + acme.id() + "/usage/adjustments",
                        admin(),
                        Map.of(
                                "kind",
                                "CREDIT",
                                "callId",
                                call.callId(),
                                "inputTokens",
                                -1,
                                "reason",
                                "x"));
        closeDay();
        closeDay();
    }

    @Test
    void findsNothingWrongWhereNothingWasChanged() {
        StatementVerification found = verify();

        assertThat(found.wrong()).isZero();
        assertThat(found.statements()).isEqualTo(2);
        assertThat(found.rows()).isEqualTo(2);
        assertThat(found.head()).isEqualTo(statement(acme, day.plusDays(1)).hash());
    }

    @Test
    void namesAnAlteredRow() {
        tamper(
                "usage_record",
                "UPDATE usage_record SET input_tokens = 4 WHERE call_id = ?",
                call.callId());

        assertThat(verify().findings())
                .extracting(Finding::kind, Finding::day, Finding::callId)
                .contains(tuple(Kind.ROW_ALTERED, call))
                .doesNotContain(tuple(Kind.ROW_ALTERED, other));
    }

    @Test
    void namesARowWhoseLabelWasAlteredOrTakenAway() {
        UsageRecord first = labelled(day, "marketing");
        UsageRecord second = labelled(day, "research");
        LocalDate stated = closeDay();
        assertThat(verify(acme, day, stated).wrong()).isZero();

        tamper(
                "usage_record",
                "UPDATE usage_record SET label = 'research' WHERE call_id = ?",
                first.callId());
        tamper(
                "usage_record",
                "UPDATE usage_record SET label = NULL WHERE call_id = ?",
                second.callId());
        tamper(
                "usage_record",
                "UPDATE usage_record SET label = 'made-up' WHERE call_id = ?",
                call.callId());

        assertThat(verify(acme, day, stated).findings())
                .extracting(Finding::kind, Finding::day, Finding::callId)
                .contains(
                        tuple(Kind.ROW_ALTERED, first),
                        tuple(Kind.ROW_ALTERED, second),
                        tuple(Kind.ROW_ALTERED, call))
                .doesNotContain(tuple(Kind.ROW_ALTERED, other));
    }

    private UsageRecord labelled(LocalDate of, String label) {
        UsageRecord record = TestCalls.labelled(call(acme, at(of, "12:00:00"), 7, 7), label);
        ship(List.of(record));
        return record;
    }

    @Test
    void namesARemovedRow() {
        tamper("usage_record", "DELETE FROM usage_record WHERE call_id = ?", call.callId());

        assertThat(verify().findings())
                .extracting(Finding::kind, Finding::day, Finding::callId)
                .contains(tuple(Kind.ROW_MISSING, call));
    }

    @Test
    void namesAnAddedRowAndDoesNotTakeItForALateOne() {
        UUID added = new UUID(call.callId().getMostSignificantBits(), -7);
        platform.sql(
                        """
                        INSERT INTO usage_record
                        SELECT (jsonb_populate_record(r, jsonb_build_object('call_id', ?))).*
                        FROM usage_record r WHERE call_id = ?
                        """)
                .params(added.toString(), call.callId())
                .update();
        closeDay();

        assertThat(verify().findings())
                .anySatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo(Kind.ROW_ADDED);
                    assertThat(finding.day()).isEqualTo(day);
                    assertThat(finding.callId()).isEqualTo(added);
                });
        assertThat(statement(acme, day.plusDays(2)).document().late().count()).isZero();
    }

    @Test
    void namesALateRowThatWasAlteredOnTheDayOfItsCall() {
        UsageRecord late = shippedCall(acme, at(day, "12:00:00"), 7, 7);
        LocalDate stated = closeDay();
        assertThat(verify(acme, day, stated).wrong()).isZero();

        tamper(
                "usage_record",
                "UPDATE usage_record SET output_tokens = 0 WHERE call_id = ?",
                late.callId());

        assertThat(verify(acme, day, stated).findings())
                .extracting(Finding::kind, Finding::day, Finding::callId)
                .contains(
                        tuple(Kind.ROW_ALTERED, late), Tuple.tuple(Kind.SUMS_DIFFER, stated, null));
    }

    @Test
    void verifiesTheChainOfDaysThatTheLedgerKeepsNoLonger() {
        platform.sql("SELECT usage_drop_partitions(?)").param(day.plusDays(1)).query().singleRow();
        StatementVerification found = verify();

        assertThat(found.wrong()).isZero();
        assertThat(found.expired()).isEqualTo(1);
        assertThat(found.rows()).isZero();

        tamper(
                "usage_statement",
                "UPDATE usage_statement SET document = document || ' ' WHERE tenant_id = ? AND day = ?",
                acme.id().value(),
                day);
        assertThat(verify().findings())
                .extracting(Finding::kind, Finding::day)
                .containsExactly(Tuple.tuple(Kind.STATEMENT_ALTERED, day));
    }

    @Test
    void namesTheHourWhereARowAndItsHashWereRemovedTogether() {
        tamper("usage_record", "DELETE FROM usage_record WHERE call_id = ?", other.callId());
        tamper("usage_line", "DELETE FROM usage_line WHERE call_id = ?", other.callId());

        assertThat(verify().findings())
                .anySatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo(Kind.DIGEST_DIFFERS);
                    assertThat(finding.day()).isEqualTo(day);
                    assertThat(finding.detail()).endsWith("hour 11");
                })
                .anySatisfy(finding -> assertThat(finding.kind()).isEqualTo(Kind.SUMS_DIFFER));
    }

    @Test
    void namesAStatementWhoseDocumentWasAltered() {
        tamper(
                "usage_statement",
                "UPDATE usage_statement SET document = replace(document, '\"inputTokens\":11',"
                        + " '\"inputTokens\":12') WHERE tenant_id = ? AND day = ?",
                acme.id().value(),
                day);

        assertThat(verify().findings())
                .extracting(Finding::kind, Finding::day)
                .contains(
                        Tuple.tuple(Kind.STATEMENT_ALTERED, day),
                        Tuple.tuple(Kind.SUMS_DIFFER, day));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{}", "null", "[1]", "{\"late\":{}}"})
    void namesAStatementWhoseDocumentCannotBeRead(String text) {
        tamper(
                "usage_statement",
                "UPDATE usage_statement SET document = ? WHERE tenant_id = ? AND day = ?",
                text,
                acme.id().value(),
                day);

        assertThat(verify().findings())
                .filteredOn(finding -> finding.kind() == Kind.STATEMENT_ALTERED)
                .extracting(Finding::detail)
                .contains("the document cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenantId", "day", "total", "sides", "rows", "late", "balance"})
    void namesAStatementWhoseDocumentLacksAPart(String part) {
        tamper(
                "usage_statement",
                "UPDATE usage_statement SET document = replace(document, ?, '\"x\":')"
                        + " WHERE tenant_id = ? AND day = ?",
                "\"" + part + "\":",
                acme.id().value(),
                day);

        assertThat(verify().findings())
                .extracting(Finding::kind, Finding::detail)
                .contains(Tuple.tuple(Kind.STATEMENT_ALTERED, "the document cannot be read"));
    }

    @Test
    void namesAStatementThatWasHashedAnewButCouldNotBeSealed() {
        tamper(
                "usage_statement",
                """
                UPDATE usage_statement SET document = document || ' ',
                    hash = encode(sha256(convert_to(document || ' ', 'UTF8')), 'hex')
                WHERE tenant_id = ? AND day = ?
                """,
                acme.id().value(),
                day);

        assertThat(verify().findings())
                .extracting(Finding::kind, Finding::day)
                .containsExactly(
                        Tuple.tuple(Kind.STATEMENT_ALTERED, day),
                        Tuple.tuple(Kind.CHAIN_BROKEN, day.plusDays(1)));
    }

    @Test
    void namesAStatementThatIsGone() {
        tamper(
                "usage_statement",
                "DELETE FROM usage_statement WHERE tenant_id = ? AND day = ?",
                acme.id().value(),
                day);

        assertThat(verify().findings())
                .extracting(Finding::kind, Finding::day)
                .contains(
                        Tuple.tuple(Kind.STATEMENT_MISSING, day),
                        Tuple.tuple(Kind.CHAIN_BROKEN, day.plusDays(1)));
    }

    @Test
    void namesTheStatementWhoseAdjustmentWasAltered() {
        tamper(
                "usage_adjustment",
                "UPDATE usage_adjustment SET input_tokens = -2 WHERE tenant_id = ?",
                acme.id().value());

        assertThat(verify().findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(Kind.SUMS_DIFFER);
                    assertThat(finding.day()).isEqualTo(day);
                    assertThat(finding.detail()).contains("adjustments");
                });
    }

    private StatementVerification verify() {
        return verify(acme, day, day.plusDays(1));
    }

    private Tuple tuple(Kind kind, UsageRecord record) {
        return Tuple.tuple(kind, day, record.callId());
    }
}
