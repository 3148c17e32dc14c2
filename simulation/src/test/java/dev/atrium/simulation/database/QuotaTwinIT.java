package dev.atrium.simulation.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.migrations.LocalPostgres;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.quota.GivenUpLeases;
import dev.atrium.registry.quota.LostLeases;
import dev.atrium.registry.quota.MemoryGivenUpLeases;
import dev.atrium.registry.quota.MemoryLostLeases;
import dev.atrium.registry.quota.SettlementTwins;
import dev.atrium.registry.quota.Settlements;
import dev.atrium.registry.quota.SimulatedSettlements;
import dev.atrium.registry.quota.lease.Counter;
import dev.atrium.registry.quota.lease.MemoryLeaseStore;
import dev.atrium.registry.quota.window.CountedPolicy;
import dev.atrium.registry.quota.window.MemoryWindowStore;
import dev.atrium.registry.quota.window.WindowTwins;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The same wishes, silences, deaths and charges do the same to PostgreSQL and to its twin. */
class QuotaTwinIT {
    private static final List<Window> WINDOWS =
            List.of(Window.LIFETIME, Window.HOUR, Window.SECOND, Window.NONE);

    /** The clock is moved, and PostgreSQL's is not: leases run out only when the test says so. */
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private static final int STEPS = 2_000;

    private static LocalPostgres postgres;
    private static SingleConnectionDataSource connection;

    private final SplittableRandom random = new SplittableRandom(7);
    private final MovingClock clock = new MovingClock();
    private final JdbcClient jdbc = JdbcClient.create(connection);
    private final TransactionTemplate transactions =
            new TransactionTemplate(new JdbcTransactionManager(connection));
    private final MemoryDatabase twin = new MemoryDatabase(clock);
    private final Counter counter =
            Counter.onPostgres(transactions, jdbc, WindowTwins.onPostgres(jdbc), clock);
    private final Counter twinCounter =
            Counter.onTwin(
                    twin,
                    new MemoryLeaseStore(twin, FOR_EVER),
                    MemoryWindowStore.windows(twin),
                    clock);
    private final Settlements settlements =
            SettlementTwins.onPostgres(jdbc, clock, new SimpleMeterRegistry());
    private final Settlements twinSettlements =
            new SimulatedSettlements(twin, clock, false, lease -> {}).settlements();
    private final GivenUpLeases givenUp = SettlementTwins.givenUpOnPostgres(jdbc);
    private final GivenUpLeases twinGivenUp = new MemoryGivenUpLeases(twin);
    private final LostLeases lost = SettlementTwins.lostOnPostgres(jdbc, transactions);
    private final MemoryLostLeases twinLost = new MemoryLostLeases(twin);
    private final List<PolicyId> policies = new ArrayList<>();
    private final List<UUID> incarnations = new ArrayList<>();

    /** A lease is known by the window and the life that hold it: its ids differ. */
    private record Told(LeaseState state, UUID lease, UUID twinLease, int gateway) {}

    private final List<Told> told = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        postgres = LocalPostgres.temporary();
        try (Connection superuser = postgres.superuser()) {
            new DatabaseRoles("owner", "app", "platform").ensure(superuser);
        }
        String url = postgres.jdbcUrl(DatabaseRoles.DATABASE);
        Flyway.configure().dataSource(url, DatabaseRoles.OWNER, "owner").load().migrate();
        connection = new SingleConnectionDataSource(url, DatabaseRoles.PLATFORM, "platform", true);
    }

    @AfterAll
    static void stop() throws Exception {
        connection.destroy();
        postgres.close();
    }

    @Test
    void doesTheSame() {
        UUID tenant = UUID.randomUUID();
        jdbc.sql("INSERT INTO tenant (id, slug, name, time_zone) VALUES (?, 'a', 'A', ?)")
                .params(tenant, "Asia/Kolkata")
                .update();
        WINDOWS.forEach(window -> policy(tenant, window));
        for (int gateway = 0; gateway < 3; gateway++) {
            incarnations.add(UUID.randomUUID());
        }

        for (int step = 0; step < STEPS; step++) {
            step();
            assertThat(rows()).as("after step %d", step).isEqualTo(twinRows());
        }

        assertThat(told).hasSizeGreaterThan(STEPS / 10);
        assertThat(twin.givenUp.rows()).hasSizeGreaterThan(STEPS / 100);
    }

    private void policy(UUID tenant, Window window) {
        PolicyId id = new PolicyId(UUID.randomUUID());
        Long burst = window.isRate() ? 40L : null;
        jdbc.sql(
                        """
                        INSERT INTO quota_policy (id, tenant_id, name, unit, time_window, amount, burst, mode,
                            warn_percent, origin, created_by, created_at)
                        VALUES (?, ?, 'p', ?, ?, 100, ?, 'HARD', 80, 'TENANT', 'x', ?)
                        """)
                .params(
                        id.value(),
                        tenant,
                        window == Window.NONE ? "CONCURRENCY" : "REQUESTS",
                        window.name(),
                        burst,
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        CountedPolicy counted =
                new CountedPolicy(
                        id,
                        new TenantId(tenant),
                        window,
                        100,
                        burst,
                        clock.instant(),
                        ZoneId.of("Asia/Kolkata"));
        twin.executeWithoutResult(
                status -> twin.policies.put(id.value(), new Row.Policy(counted, false)));
        policies.add(id);
    }

    private void step() {
        int choice = random.nextInt(100);
        if (choice < 55) {
            wish();
        } else if (choice < 85) {
            charge();
        } else if (choice < 90) {
            silence(random.nextInt(3));
        } else if (choice < 92) {
            lose(random.nextInt(3));
        } else if (choice < 97) {
            restart();
        } else {
            clock.move(Duration.ofSeconds(random.nextInt(600)));
        }
    }

    private void wish() {
        int gateway = random.nextInt(3);
        PolicyId policy = policies.get(random.nextInt(policies.size()));
        Optional<Told> before =
                told.reversed().stream()
                        .filter(it -> it.gateway() == gateway)
                        .filter(it -> it.state().policyId().equals(policy))
                        .findFirst();
        long least = random.nextInt(20);
        long want = random.nextInt(3) == 0 ? 0 : least + random.nextInt(40);
        long returned = before.map(it -> part(it.state().amount())).orElse(0L);
        long refused = random.nextInt(5);
        Instant window = random.nextBoolean() ? before.map(this::window).orElse(null) : null;
        Optional<LeaseState> one =
                counter.answer(
                        id(gateway),
                        incarnations.get(gateway),
                        wish(
                                policy,
                                window,
                                before.map(Told::lease),
                                least,
                                want,
                                returned,
                                refused));
        Optional<LeaseState> other =
                twinCounter.answer(
                        id(gateway),
                        incarnations.get(gateway),
                        wish(
                                policy,
                                window,
                                before.map(Told::twinLease),
                                least,
                                want,
                                returned,
                                refused));
        assertThat(one.map(QuotaTwinIT::anonymous)).isEqualTo(other.map(QuotaTwinIT::anonymous));
        one.filter(state -> state.leaseId() != null)
                .ifPresent(state ->
                        told.add(
                                new Told(
                                        state,
                                        state.leaseId(),
                                        other.orElseThrow().leaseId(),
                                        gateway)));
    }

    private Instant window(Told before) {
        return before.state().windowStart();
    }

    private long part(long whole) {
        return whole == 0 ? 0 : random.nextLong(whole + 1);
    }

    private static LeaseWish wish(
            PolicyId policy,
            Instant window,
            Optional<UUID> lease,
            long least,
            long want,
            long returned,
            long refused) {
        return new LeaseWish(
                policy, window, lease.orElse(null), want == 0 ? 0 : least, want, returned, refused);
    }

    private static LeaseState anonymous(LeaseState state) {
        return new LeaseState(
                state.policyId(),
                state.windowStart(),
                state.windowEnd(),
                state.leaseId() == null ? null : new UUID(0, 0),
                state.amount(),
                state.validMillis(),
                state.limit(),
                state.used(),
                state.reserved(),
                state.unreconciled());
    }

    private void charge() {
        List<Charge> ours = new ArrayList<>();
        List<Charge> twins = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0 && !told.isEmpty(); i--) {
            Told from = told.get(random.nextInt(told.size()));
            long reserved = random.nextInt(15);
            long charged = part(reserved);
            boolean leased = random.nextInt(5) > 0;
            Instant window = leased ? window(from) : window(from).plusSeconds(random.nextInt(100));
            ours.add(charge(from, window, leased ? from.lease() : null, reserved, charged));
            twins.add(charge(from, window, leased ? from.twinLease() : null, reserved, charged));
        }
        UUID any = UUID.randomUUID();
        transactions.executeWithoutResult(
                status -> settlements.post(due(any, ours, givenUp.among(any, ours))));
        twin.executeWithoutResult(
                status -> twinSettlements.post(due(any, twins, twinGivenUp.among(any, twins))));
    }

    /** Each of a call of its own. */
    private static List<Charge> due(UUID call, List<Charge> charges, GivenUpLeases.Among among) {
        return among.settling(
                call,
                charges.stream()
                        .map(charge ->
                                among.holds(call, List.of(charge)) ? charge.settled(0) : charge)
                        .toList());
    }

    private static Charge charge(
            Told from, Instant window, UUID lease, long reserved, long charged) {
        return new Charge(
                from.state().policyId(), window, Unit.REQUESTS, lease, reserved, charged, false);
    }

    /** A gateway falls silent: everything it holds runs out. */
    private void silence(int number) {
        UUID gateway = id(number);
        jdbc.sql("UPDATE quota_lease SET expires_at = now() - interval '1 s' WHERE gateway_id = ?")
                .param(gateway)
                .update();
        twin.executeWithoutResult(status ->
                List.copyOf(twin.leases.rows().values()).stream()
                        .filter(lease -> lease.key().gateway().equals(gateway))
                        .forEach(lease -> twin.leases.put(lease.key(), expired(lease))));
        assertThat(counter.endTheSilent()).isEqualTo(twinCounter.endTheSilent());
    }

    /** It never returns, as far as anybody knows; it may all the same. */
    private void lose(int gateway) {
        silence(gateway);
        lost.end(id(gateway), Instant.now().plusSeconds(60));
        twinLost.end(id(gateway), clock.instant().plusSeconds(60));
    }

    private Row.Lease expired(Row.Lease lease) {
        return new Row.Lease(
                lease.key(),
                lease.id(),
                lease.state(),
                lease.amount(),
                lease.returned(),
                lease.settled(),
                lease.refused(),
                clock.instant().minusSeconds(1));
    }

    private void restart() {
        int gateway = random.nextInt(3);
        incarnations.set(gateway, UUID.randomUUID());
        counter.release(id(gateway), incarnations.get(gateway));
        twinCounter.release(id(gateway), incarnations.get(gateway));
    }

    private static UUID id(int gateway) {
        return new UUID(4, gateway);
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        rows.addAll(
                jdbc.sql(
                                """
                                SELECT policy_id || ' ' || extract(epoch FROM starts_at)::bigint || ' '
                                    || coalesce(extract(epoch FROM ends_at)::bigint, 0) || ' ' || used || ' '
                                    || reserved || ' ' || unreconciled || ' ' || refused FROM quota_window
                                """)
                        .query(String.class)
                        .list());
        rows.addAll(
                jdbc.sql(
                                """
                                SELECT policy_id || ' ' || extract(epoch FROM starts_at)::bigint || ' '
                                    || gateway_id || ' ' || incarnation || ' ' || state || ' ' || amount || ' '
                                    || returned || ' ' || settled || ' ' || refused FROM quota_lease
                                """)
                        .query(String.class)
                        .list());
        rows.add(
                "given up: "
                        + jdbc.sql("SELECT count(*) FROM quota_lease_given_up")
                                .query(Long.class)
                                .single());
        return rows.stream().sorted().toList();
    }

    private List<String> twinRows() {
        List<String> rows = new ArrayList<>();
        rows.add("given up: " + twin.givenUp.rows().size());
        twin.windows
                .rows()
                .values()
                .forEach(row ->
                        rows.add(
                                "%s %d %d %d %d %d %d"
                                        .formatted(
                                                row.key().policy(),
                                                row.key().start().getEpochSecond(),
                                                row.end() == null ? 0 : row.end().getEpochSecond(),
                                                row.used(),
                                                row.reserved(),
                                                row.unreconciled(),
                                                row.refused())));
        twin.leases
                .rows()
                .values()
                .forEach(row ->
                        rows.add(
                                "%s %d %s %s %s %d %d %d %d"
                                        .formatted(
                                                row.key().window().policy(),
                                                row.key().window().start().getEpochSecond(),
                                                row.key().gateway(),
                                                row.key().incarnation(),
                                                row.state(),
                                                row.amount(),
                                                row.returned(),
                                                row.settled(),
                                                row.refused())));
        return rows.stream().sorted().toList();
    }

    /** Stands still, but when it is moved. */
    private static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-05-31T10:00:00Z");

        private void move(Duration on) {
            now = now.plus(on);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
