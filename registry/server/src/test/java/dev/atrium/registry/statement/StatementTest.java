package dev.atrium.registry.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.registry.Answer;
import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.RunningRegistry;
import dev.atrium.registry.SignInBrowser;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.statement.StatementVerification;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.machine.MachineCredentials;
import dev.atrium.registry.tenancy.MemberService;
import dev.atrium.registry.tenancy.TenantService;
import dev.atrium.registry.usage.LedgerDays;
import dev.atrium.registry.usage.TestCalls;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Two registries on a database whose ledger began months ago, so that days can be closed one by one
 * without waiting for them. They close none by themselves; a test says when.
 */
abstract class StatementTest extends RegistryTest {
    static final LocalDate LEDGER_BEGIN = LocalDate.now(ZoneOffset.UTC).minusDays(100);
    static final Duration GRACE = Duration.ofHours(2);
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static String url;
    static RunningRegistry one;
    static RunningRegistry other;
    static JdbcClient platform;
    static LocalDate firstOpenDay;

    /** Of the ledger's first row, before calls had labels. */
    static String firstHash;

    @BeforeAll
    static synchronized void start() {
        if (one != null) {
            return;
        }
        url = emptyDatabase("statements");
        platform = JdbcClient.create(platformOf(url));
        fillLedgerOfTheVersionBefore();
        Map<String, String> settings = new LinkedHashMap<>(settings());
        settings.put("ATRIUM_DB_URL", url);
        // Both live until the end of the JVM, beside the registries of other tests.
        settings.put("atrium.registry.database.app-connections", "4");
        settings.put("atrium.registry.database.platform-connections", "8");
        settings.put("atrium.registry.statement.grace", "4000d");
        settings.put("atrium.registry.statement.orphan-patience", "4000d");
        List<RunningRegistry> running = RunningRegistry.two(settings);
        one = running.getFirst();
        other = running.getLast();
        firstOpenDay = openDay();
        platform.sql("SELECT usage_ensure_partitions(?, ?)")
                .params(LEDGER_BEGIN, LocalDate.now(ZoneOffset.UTC))
                .query()
                .singleRow();
    }

    private static void fillLedgerOfTheVersionBefore() {
        Flyway.configure()
                .dataSource(url, DatabaseRoles.OWNER, "owner-pw")
                .target("4")
                .load()
                .migrate();
        platform.sql("SELECT usage_ensure_partitions(?, ?)")
                .params(LEDGER_BEGIN, LEDGER_BEGIN)
                .query()
                .singleRow();
        UUID id = UUID.randomUUID();
        platform.sql(
                        """
                        INSERT INTO usage_record (day, call_id, tenant_id, project_id,
                            principal_kind, principal_id, model_id, model_name, version_id, version,
                            operation, outcome, http_status, attempts, input_tokens, output_tokens,
                            compute_micros, opened_at, settled_at, source, gateway_id)
                        VALUES (:day, :id, :id, :id, 'API_KEY', 'k', :id, 'a/b', :id, 1, 'INFER',
                            'OK', 200, 1, 1, 1, 1, :day, :day, 'GATEWAY', :id)
                        """)
                .param("day", LEDGER_BEGIN)
                .param("id", id)
                .update();
        Flyway.configure()
                .dataSource(url, DatabaseRoles.OWNER, "owner-pw")
                .target("8")
                .load()
                .migrate();
        firstHash = hashOfTheFirstRow();
    }

    static String hashOfTheFirstRow() {
        return platform.sql(
                        """
                        SELECT encode(usage_row_hash(r), 'hex') FROM usage_record r
                        WHERE day = ? AND model_name = 'a/b'
                        """)
                .param(LEDGER_BEGIN)
                .query(String.class)
                .single();
    }

    static LocalDate openDay() {
        return one.bean(LedgerDays.class).open();
    }

    static Instant at(LocalDate day, String time) {
        return Instant.parse(day + "T" + time + "Z");
    }

    /** A tenant that is there since the morning of the day that is open. */
    static TestTenant newTenant(String name) {
        String slug = name + "-" + NUMBER.incrementAndGet();
        Tenant tenant = one.bean(TenantService.class).create(new CreateTenant(slug, slug, null));
        platform.sql("UPDATE tenant SET created_at = ? WHERE id = ?")
                .params(at(openDay(), "06:00:00").atOffset(ZoneOffset.UTC), tenant.id().value())
                .update();
        String email = "owner@" + slug + ".test";
        Member owner =
                one.bean(MemberService.class)
                        .add(
                                tenant.id(),
                                new AddMember(email, email, Role.OWNER, TestTenant.PASSWORD))
                        .member();
        String token =
                new SignInBrowser(one.http(), PORTAL_URL)
                        .signIn(email, TestTenant.PASSWORD)
                        .json()
                        .path("access_token")
                        .asString();
        return new TestTenant(tenant, owner.userId(), email, token);
    }

    static UsageRecord call(TestTenant tenant, Instant at, long in, long out) {
        return TestCalls.settled(TestCalls.open(tenant.id(), at, List.of()), null, in, out);
    }

    static UsageRecord shippedCall(TestTenant tenant, Instant at, long in, long out) {
        UsageRecord call = call(tenant, at, in, out);
        ship(List.of(call));
        return call;
    }

    static ShipUsageReply ship(List<UsageRecord> records) {
        return ship(records, List.of());
    }

    static ShipUsageReply ship(List<UsageRecord> records, List<OpenCall> orphans) {
        String gateway =
                one.bean(MachineCredentials.class).issue(MemberRole.GATEWAY, UUID.randomUUID());
        Answer answer =
                one.internal().post("/internal/v1/usage", gateway, new ShipUsage(records, orphans));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(ShipUsageReply.class);
    }

    static void shipFromNode(UUID node, NodeUsageRecord... records) {
        String credential = one.bean(MachineCredentials.class).issue(MemberRole.NODE, node);
        Answer answer =
                one.internal()
                        .post(
                                "/internal/v1/nodes/usage",
                                credential,
                                new ShipNodeUsage(List.of(records)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /** As if it were this long after the end of the day that is open. */
    static Books books(RunningRegistry registry, Duration afterItsEnd) {
        Instant end = openDay().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return new Books(
                ofPool(registry),
                registry.context().getBean("platformTransactions", TransactionTemplate.class),
                registry.bean(LedgerDays.class),
                new StatementProperties(GRACE, Duration.ofHours(24), Duration.ofMinutes(1)),
                new MutableClock(end.plus(afterItsEnd)));
    }

    static StatementDuty duty(RunningRegistry registry, Books books) {
        return new StatementDuty(
                leader(), ofPool(registry), books, registry.bean(StatementMaker.class));
    }

    /** Takes part in the transactions of the registry's own pool. */
    static JdbcClient ofPool(RunningRegistry registry) {
        return registry.context().getBean("platformJdbc", JdbcClient.class);
    }

    /** Whoever leads: the duty of a registry that does not would do nothing. */
    private static Leadership leader() {
        List<Leadership> both = List.of(one.bean(Leadership.class), other.bean(Leadership.class));
        await().atMost(PATIENCE).until(() -> both.stream().anyMatch(Leadership::isLeader));
        return both.stream().filter(Leadership::isLeader).findFirst().orElseThrow();
    }

    /** Closes the open day and makes its statements; answers the day. */
    static LocalDate closeDay() {
        LocalDate day = openDay();
        StatementDuty duty = duty(one, books(one, GRACE));
        // A day that is in use stays open until the next run.
        await().atMost(PATIENCE)
                .until(() -> {
                    duty.run();
                    return openDay().isAfter(day);
                });
        assertThat(openDay()).isEqualTo(day.plusDays(1));
        return day;
    }

    static Statement statement(TestTenant tenant, LocalDate day) {
        Answer answer = one.http().get("/api/v1/statements/" + day, tenant.ownerToken());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(Statement.class);
    }

    static String admin() {
        return one.http()
                .form(
                        "/oauth2/token",
                        "atrium-operator",
                        OPERATOR_SECRET,
                        Map.of("grant_type", "client_credentials"))
                .json()
                .path("access_token")
                .asString();
    }

    static StatementVerification verify(TestTenant tenant, LocalDate from, LocalDate to) {
        Answer answer =
                one.http()
                        .post(
                                "/api/v1/admin/tenants/" + tenant.id() + "/statements/verification",
                                admin(),
                                Map.of("from", from, "to", to));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(StatementVerification.class);
    }

    /** What only the owner of the database can do. */
    static int tamper(String table, String sql, Object... parameters) {
        JdbcClient owner = JdbcClient.create(ownerOf(url));
        owner.sql("ALTER TABLE " + table + " DISABLE TRIGGER USER").update();
        owner.sql("ALTER TABLE " + table + " NO FORCE ROW LEVEL SECURITY").update();
        try {
            return owner.sql(sql).params(parameters).update();
        } finally {
            owner.sql("ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY").update();
            owner.sql("ALTER TABLE " + table + " ENABLE TRIGGER USER").update();
        }
    }

    /** With the triggers in place. */
    static int asOwner(String table, String sql) {
        JdbcClient owner = JdbcClient.create(ownerOf(url));
        owner.sql("ALTER TABLE " + table + " NO FORCE ROW LEVEL SECURITY").update();
        try {
            return owner.sql(sql).update();
        } finally {
            owner.sql("ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY").update();
        }
    }

    static JdbcClient app() {
        return JdbcClient.create(appOf(url));
    }
}
