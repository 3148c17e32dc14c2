package dev.atrium.standalone;

import dev.atrium.registry.api.statement.StatementVerification;
import dev.atrium.registry.api.statement.StatementVerification.Finding;
import dev.atrium.registry.api.statement.VerifyStatements;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.standalone.client.ApiFailure;
import dev.atrium.standalone.client.SignInFailedException;
import dev.atrium.standalone.launcher.Leftovers;
import dev.atrium.standalone.seed.Access;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the registry recompute every statement from the ledger's rows and tells what is wrong. The
 * last line is for programs.
 */
record VerifyCommand(Access access, PrintStream out) {
    /** Days in a request; a day may have millions of rows. */
    private static final int STEP = 7;

    private static final Duration STEP_LIMIT = Duration.ofMinutes(10);

    private record Totals(long statements, long rows, long expired, long wrong) {
        static final Totals NONE = new Totals(0, 0, 0, 0);

        Totals plus(StatementVerification one) {
            return plus(new Totals(one.statements(), one.rows(), one.expired(), one.wrong()));
        }

        Totals plus(Totals other) {
            return new Totals(
                    statements + other.statements,
                    rows + other.rows,
                    expired + other.expired,
                    wrong + other.wrong);
        }
    }

    int run(Command.Verify wish) throws IOException {
        if (Leftovers.launcher(access.settings().data()).isEmpty()) {
            return refuse("Atrium is not running; start it with ./atrium start");
        }
        try {
            List<Tenant> tenants =
                    access.operator().all("/admin/tenants", Tenant.class).stream()
                            .filter(one ->
                                    wish.tenant() == null || one.slug().equals(wish.tenant()))
                            .toList();
            if (tenants.isEmpty()) {
                return refuse("There is no tenant '" + wish.tenant() + "'");
            }
            Totals totals = Totals.NONE;
            for (Tenant tenant : tenants) {
                totals = totals.plus(verify(tenant, wish));
            }
            out.printf(
                    "tenants=%d statements=%d rows=%d expired=%d wrong=%d%n",
                    tenants.size(), totals.statements, totals.rows, totals.expired, totals.wrong);
            return totals.wrong == 0 ? 0 : 1;
        } catch (ApiFailure | SignInFailedException | UncheckedIOException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    /** Backwards from the last day until there are no statements any more. */
    private Totals verify(Tenant tenant, Command.Verify wish) throws IOException {
        Totals totals = Totals.NONE;
        String head = null;
        LocalDate last =
                wish.to() == null && wish.from() != null
                        ? LocalDate.now(ZoneOffset.UTC)
                        : wish.to();
        boolean more = true;
        while (more) {
            StatementVerification found = verify(tenant, first(wish.from(), last), last);
            found.findings().forEach(finding -> out.println(line(tenant, finding)));
            if (found.wrong() > found.findings().size()) {
                out.printf(
                        "%s: and %d more%n",
                        tenant.slug(), found.wrong() - found.findings().size());
            }
            totals = totals.plus(found);
            head = head == null ? found.head() : head;
            last = found.from().minusDays(1);
            more =
                    wish.from() == null
                            ? found.statements() + found.wrong() > 0
                            : !last.isBefore(wish.from());
        }
        out.printf(
                "%s: %d statements, %d rows, last statement %s%n",
                tenant.slug(), totals.statements, totals.rows, head == null ? "none" : head);
        return totals;
    }

    /** Null where the registry is to say which days come last. */
    private static @Nullable LocalDate first(@Nullable LocalDate from, @Nullable LocalDate last) {
        if (last == null) {
            return null;
        }
        LocalDate first = last.minusDays(STEP - 1L);
        return from != null && from.isAfter(first) ? from : first;
    }

    private StatementVerification verify(
            Tenant tenant, @Nullable LocalDate from, @Nullable LocalDate to) throws IOException {
        return access.operator()
                .post(
                        "/admin/tenants/" + tenant.id() + "/statements/verification",
                        new VerifyStatements(from, to),
                        StatementVerification.class,
                        STEP_LIMIT);
    }

    private static String line(Tenant tenant, Finding finding) {
        return "%s %s %s%s: %s"
                .formatted(
                        tenant.slug(),
                        finding.day(),
                        finding.kind(),
                        finding.callId() == null ? "" : " call " + finding.callId(),
                        finding.detail());
    }

    private static int refuse(String why) {
        System.err.println(why);
        return 1;
    }
}
