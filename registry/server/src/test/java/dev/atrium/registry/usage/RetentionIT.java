package dev.atrium.registry.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.leader.Leadership;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is removed and what stays, on a database of its own. */
class RetentionIT extends RegistryTest {
    private static final Instant NOW = Instant.now();
    private static final LocalDate TODAY = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
    private static final UsageProperties DEFAULTS =
            new UsageProperties(
                    Duration.ofDays(400),
                    Duration.ofDays(30),
                    Duration.ofDays(1),
                    7,
                    Duration.ofSeconds(60),
                    Duration.ofHours(1),
                    1_000,
                    Duration.ofMinutes(10),
                    Duration.ofDays(1));
    private static DataSource source;
    private static JdbcClient platform;

    @Autowired Leadership leadership;

    private final MutableClock clock = new MutableClock(NOW);
    private Retention retention;

    @BeforeAll
    static void makeDatabase() {
        source = platformOf(freshDatabase("retention"));
        platform = JdbcClient.create(source);
    }

    @BeforeEach
    void begin() {
        retention = new Retention(leadership, platform, DEFAULTS, clock);
        await().until(leadership::isLeader);
    }

    @Test
    void dropsTheDaysOfTheLedgerThatAreBeyondRetentionAsAWhole() {
        ensure(403);
        ensure(402);
        ensure(401);
        ensure(400);
        ensure(0);

        retention.run();

        assertThat(partitions())
                .contains(day(401), day(400), day(0))
                .doesNotContain(day(402), day(403));
        clock.advance(Duration.ofDays(1));
        retention.run();
        assertThat(partitions()).contains(day(400), day(0)).doesNotContain(day(401));
    }

    @Test
    void aDayIsStillThereWhenItsLastCallIsAdmitted() {
        Instant admitted = NOW.minus(DEFAULTS.retention());
        LocalDate day = LocalDate.ofInstant(admitted, ZoneOffset.UTC);
        platform.sql("SELECT usage_ensure_partitions(?, ?)").params(day, day).query().singleRow();

        retention.run();

        assertThat(partitions()).contains(name(day));
    }

    @Test
    void givesWayToAReaderAndDropsTheNextTime() throws Exception {
        ensure(450);
        try (Connection reader = source.getConnection()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM usage_record");

            retention.run();

            assertThat(partitions()).contains(day(450));
            reader.rollback();
        }
        retention.run();

        assertThat(partitions()).doesNotContain(day(450));
    }

    @Test
    void theDatabaseRefusesToDropYoungDaysWhoeverAsks() {
        ensure(20);

        assertThatThrownBy(() ->
                        platform.sql("SELECT usage_drop_partitions(?)")
                                .param(TODAY.minusDays(10))
                                .query(Integer.class)
                                .single())
                .isInstanceOf(UncategorizedSQLException.class)
                .hasStackTraceContaining("last month");
        assertThatThrownBy(() -> platform.sql("DROP TABLE " + day(20)).update())
                .hasStackTraceContaining("must be owner");
        assertThatThrownBy(() ->
                        new UsageProperties(
                                Duration.ofDays(30),
                                Duration.ofDays(30),
                                Duration.ofDays(1),
                                7,
                                Duration.ofSeconds(60),
                                Duration.ofHours(1),
                                1_000,
                                Duration.ofMinutes(10),
                                Duration.ofDays(1)))
                .hasMessageContaining("retention must be at least 35d");
    }

    @Test
    void removesAccountsOfNodesWithTheirDays() {
        UUID old = account(403);
        UUID young = account(399);

        retention.run();

        assertThat(platform.sql("SELECT call_id FROM node_usage").query(UUID.class).list())
                .contains(young)
                .doesNotContain(old);
    }

    @Test
    void removesTheLabelsOfDaysThatNobodyPostsTo() {
        UUID tenant = UUID.randomUUID();
        for (int age : new int[] {403, 399}) {
            platform.sql("INSERT INTO usage_label VALUES (?, ?, ?)")
                    .params(tenant, TODAY.minusDays(age), "days-" + age)
                    .update();
        }

        retention.run();

        assertThat(platform.sql("SELECT label FROM usage_label").query(String.class).list())
                .containsExactly("days-399");
    }

    @Test
    void removesOrphansAMonthAfterTheyWereResolvedAndKeepsOpenOnes() {
        UUID resolved = orphan(31, "now() - interval '31 days', 'SETTLED'");
        UUID lately = orphan(31, "now() - interval '29 days', 'VOID'");
        UUID open = orphan(300, "NULL, NULL");

        retention.run();

        assertThat(platform.sql("SELECT call_id FROM usage_orphan").query(UUID.class).list())
                .contains(lately, open)
                .doesNotContain(resolved);
    }

    @Test
    void keepsAuditQuarantineAndHourlySums() {
        UUID any = UUID.randomUUID();
        platform.sql(
                        """
                        INSERT INTO audit_entry (at, actor, action, subject)
                        VALUES (now() - interval '900 days', 'a', 'b', ?)
                        """)
                .param(any.toString())
                .update();
        platform.sql(
                        """
                        INSERT INTO usage_quarantine (call_id, gateway_id, reason, body, arrived_at)
                        VALUES (?, ?, 'old', '{}', now() - interval '900 days')
                        """)
                .params(any, any)
                .update();
        platform.sql(
                        """
                        INSERT INTO usage_hourly VALUES (now() - interval '900 days', ?, ?, 'USER', 'u',
                            'acme/iris', 1, 'INFER', 1, 0, 1, 1, 1)
                        """)
                .params(any, any)
                .update();

        retention.run();

        for (String table : List.of("audit_entry", "usage_quarantine", "usage_hourly")) {
            assertThat(count(table)).as(table).isEqualTo(1);
            assertThatThrownBy(() -> platform.sql("DELETE FROM " + table).update())
                    .hasStackTraceContaining("permission denied");
        }
    }

    private static long count(String table) {
        return platform.sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    private static void ensure(int daysAgo) {
        LocalDate day = TODAY.minusDays(daysAgo);
        platform.sql("SELECT usage_ensure_partitions(?, ?)").params(day, day).query().singleRow();
    }

    private static String day(int daysAgo) {
        return name(TODAY.minusDays(daysAgo));
    }

    private static String name(LocalDate day) {
        return "usage_record_" + day.toString().replace("-", "");
    }

    private static List<String> partitions() {
        return platform.sql(
                        """
                        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                        WHERE i.inhparent = 'usage_record'::regclass
                        """)
                .query(String.class)
                .list();
    }

    private static UUID account(int daysAgo) {
        UUID call = UUID.randomUUID();
        platform.sql(
                        """
                        INSERT INTO node_usage VALUES (?, 1, ?, ?, now(), now(), 'OK', 1, 1, 1,
                            now() - make_interval(days => ?))
                        """)
                .params(call, call, call, daysAgo)
                .update();
        return call;
    }

    private static UUID orphan(int daysAgo, String resolution) {
        UUID call = UUID.randomUUID();
        platform.sql(
                        """
                        INSERT INTO usage_orphan (call_id, gateway_id, body, opened_at, resolved_at, resolution)
                        VALUES (?, ?, '{}', now() - make_interval(days => ?), %s)
                        """
                                .formatted(resolution))
                .params(call, call, daysAgo)
                .update();
        return call;
    }
}
