package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.usage.Reconciliation;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.DemoTenant;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lays what the callers saw beside the ledger, its hourly sums and the nodes' accounts.
 *
 * @param begin before the first call
 * @param over nanoseconds at which the last call had ended
 * @param answered ids of all calls whose answer arrived
 * @param watched a quota that counts the calls of the load
 * @param overspent what the races found
 * @param refusedLate what the revocations found
 */
record Verification(
        Access access,
        Instant begin,
        long over,
        Set<String> answered,
        KeyedLoad keyed,
        Policy watched,
        long overspent,
        long refusedLate,
        PrintStream out) {
    /** How long the platform may take to put everything straight by itself. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofSeconds(2);

    Verdict verify(int kills, int lost, long seed) throws IOException, InterruptedException {
        Duration limit = lost > 0 ? LIMIT.plus(Losses.LOST_AFTER) : LIMIT;
        Verdict verdict = look(kills, lost, seed);
        while (!verdict.holds() && System.nanoTime() - over < limit.toNanos()) {
            Thread.sleep(PAUSE);
            verdict = look(kills, lost, seed);
        }
        out.printf("verified %.0f s after the last call%n", (System.nanoTime() - over) / 1e9);
        return verdict;
    }

    private Verdict look(int kills, int lost, long seed) throws IOException {
        ManagementApi acme = access.developer(DemoTenant.ACME);
        List<UsageRecord> rows = acme.all("/usage/records?from=" + begin, UsageRecord.class);
        Set<String> ids = new HashSet<>();
        rows.forEach(row -> ids.add(row.callId().toString()));
        long unbilled = answered.stream().filter(id -> !ids.contains(id)).count();
        Reconciliation reconciled =
                access.operator()
                        .get("/admin/usage/reconciliation?from=" + begin, Reconciliation.class);
        long uncounted =
                reconciled.differences().stream()
                        .filter(one -> one.kind() == Reconciliation.Kind.MISSING_IN_LEDGER)
                        .filter(one -> !answered.contains(one.callId().toString()))
                        .count();
        PolicyStatus status = Quotas.of(access.operator(), DemoTenant.ACME.slug()).status(watched);
        return new Verdict(
                kills,
                lost,
                seed,
                answered.size(),
                rows.size(),
                rows.stream().filter(row -> row.source() == UsageSource.NODE).count(),
                unbilled + uncounted,
                rows.size()
                        - ids.size()
                        + Math.abs(summed(acme) - rows.size())
                        + keyed.repeated(rows),
                reconciled.openOrphans() + status.reserved() + status.unreconciled(),
                overspent + Math.abs(status.used() - charged(rows)) + uncharged(rows),
                refusedLate);
    }

    private long charged(List<UsageRecord> rows) {
        return rows.stream().mapToLong(this::charged).sum();
    }

    private long charged(UsageRecord row) {
        return row.charges().stream()
                .filter(charge -> charge.policyId().equals(watched.id()))
                .mapToLong(Charge::charged)
                .sum();
    }

    /** Calls of the watched key that a node computed and that do not count as one. */
    private long uncharged(List<UsageRecord> rows) {
        return rows.stream()
                .filter(row -> row.principalId().equals(watched.subject().apiKeyId()))
                .filter(row -> row.computeMicros() > 0 && charged(row) != 1)
                .count();
    }

    /** Calls by the sums that usage pages read; they count from the full hour. */
    private long summed(ManagementApi acme) {
        long before =
                acme.all(
                                "/usage/records?from="
                                        + begin.truncatedTo(ChronoUnit.HOURS)
                                        + "&to="
                                        + begin,
                                UsageRecord.class)
                        .size();
        return Arrays.stream(acme.get("/usage/hourly?from=" + begin, UsageBucket[].class))
                        .mapToLong(UsageBucket::calls)
                        .sum()
                - before;
    }
}
