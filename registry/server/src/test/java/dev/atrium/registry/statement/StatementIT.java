package dev.atrium.registry.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.statement.Figures;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.statement.StatementDocument;
import dev.atrium.registry.api.statement.StatementDocument.Hour;
import dev.atrium.registry.api.statement.StatementDocument.LateTotal;
import dev.atrium.registry.api.statement.StatementDocument.ModelTotal;
import dev.atrium.registry.api.statement.StatementMonth;
import dev.atrium.registry.api.statement.StatementSummary;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.usage.TestCalls;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;

/** What a closed day says, when it is closed, and that it stays as it is. */
class StatementIT extends StatementTest {
    @Test
    void booksBeginWithTheLedgerOfTheVersionBefore() {
        assertThat(firstOpenDay).isEqualTo(LEDGER_BEGIN);
    }

    @Test
    void rowsOfTheVersionBeforeHaveTheHashThatTheyHad() {
        assertThat(hashOfTheFirstRow()).isEqualTo(firstHash);
    }

    @Test
    void statesADayFromItsFirstMillisecondToItsLast() throws Exception {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        priceInputTokens(acme, day);
        NodeId node = new NodeId(UUID.randomUUID());
        OpenCall open = TestCalls.open(acme.id(), at(day, "00:00:00.000"), List.of());
        UsageRecord first = TestCalls.settled(open, node, 10, 1);
        UsageRecord last = call(acme, at(day, "23:59:59.999"), 20, 2);
        UsageRecord next = call(acme, at(day.plusDays(1), "00:00:00.000"), 40, 4);
        ship(List.of(next, last, first));
        shipFromNode(node.value(), TestCalls.account(open, 1, open.openedAt(), Outcome.OK, 10, 1));

        closeDay();

        StatementDocument stated = statement(acme, day).document();
        Figures figures = new Figures(2, 30, 3, 2_000, List.of(new Cost(60, "EUR")));
        assertThat(stated.total()).isEqualTo(figures);
        assertThat(stated.balance()).isEqualTo(figures);
        assertThat(stated.projects()).hasSize(1);
        assertThat(stated.principals()).hasSize(1);
        assertThat(stated.principals().getFirst().figures()).isEqualTo(figures);
        assertThat(stated.models())
                .extracting(ModelTotal::versionId)
                .containsExactlyInAnyOrder(first.versionId(), last.versionId());
        assertThat(stated.sides().gateways()).isEqualTo(figures);
        assertThat(stated.sides().nodes()).isEqualTo(new Figures(1, 10, 1, 1_000, List.of()));
        assertThat(stated.sides().otherFigures()).isZero();
        assertThat(stated.rows().count()).isEqualTo(2);
        assertThat(stated.rows().hours()).extracting(Hour::hour).containsExactly(0, 23);
        assertThat(stated.rows().digest()).isEqualTo(digestOfRows(first, last));
    }

    @Test
    void statesPicturesAndSoundWithTheirCorrections() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        OpenCall open = TestCalls.open(acme.id(), at(day, "10:00:00"), List.of());
        ship(
                List.of(
                        TestCalls.with(
                                TestCalls.settled(open, new NodeId(UUID.randomUUID()), 0, 0),
                                new Media(5, 2_500))));
        shipFromNode(
                UUID.randomUUID(),
                TestCalls.with(
                        TestCalls.account(open, 1, open.openedAt(), Outcome.OK, 0, 0),
                        new Media(5, 2_400)));
        Answer credit =
                one.http()
                        .post(
                                "/api/v1/admin/tenants/" + acme.id() + "/usage/adjustments",
                                admin(),
                                Map.of(
                                        "kind",
                                        "CREDIT",
                                        "callId",
                                        open.callId(),
                                        "images",
                                        -2,
                                        "audioMillis",
                                        -500,
                                        "reason",
                                        "were black"));

        closeDay();

        assertThat(credit.status()).as(credit.text()).isEqualTo(201);
        StatementDocument stated = statement(acme, day).document();
        assertThat(stated.total().media()).isEqualTo(new Media(5, 2_500));
        assertThat(stated.sides().nodes().media()).isEqualTo(new Media(5, 2_400));
        assertThat(stated.sides().otherFigures()).isEqualTo(1);
        assertThat(stated.adjustments().getFirst().media()).isEqualTo(new Media(-2, -500));
        assertThat(stated.balance().media()).isEqualTo(new Media(3, 2_000));
        assertThat(verify(acme, day, day).wrong()).isZero();
    }

    @Test
    void aStatementWithoutPicturesReadsAsItDid() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        shippedCall(acme, at(day, "12:00:00"), 1, 1);

        closeDay();

        assertThat(
                        one.http()
                                .get("/api/v1/statements/" + day + "/document", acme.ownerToken())
                                .text())
                .doesNotContain("media");
    }

    @Test
    void chainsEveryDayAlsoThoseWithoutCallsByTheHashOfTheDocument() throws Exception {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        shippedCall(acme, at(day, "12:00:00"), 1, 1);
        closeDay();
        closeDay();
        shippedCall(acme, at(day.plusDays(2), "12:00:00"), 2, 2);
        closeDay();

        List<Statement> statements =
                Stream.of(day, day.plusDays(1), day.plusDays(2))
                        .map(it -> statement(acme, it))
                        .toList();
        String document =
                one.http().get("/api/v1/statements/" + day + "/document", acme.ownerToken()).text();

        assertThat(statements.get(0).document().previousHash()).isEqualTo("0".repeat(64));
        assertThat(statements.get(1).document().previousHash()).isEqualTo(statements.get(0).hash());
        assertThat(statements.get(2).document().previousHash()).isEqualTo(statements.get(1).hash());
        assertThat(statements.get(1).document().total()).isEqualTo(Figures.NONE);
        assertThat(sha256(document.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(statements.get(0).hash());
        assertThat(verify(acme, day, day.plusDays(2)).wrong()).isZero();
        assertThat(verify(acme, day, day.plusDays(2)).rows()).isEqualTo(2);
    }

    @Test
    void postsALateRecordAndStatesItOnTheNextStatement() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        OpenCall known = TestCalls.open(acme.id(), at(day, "08:00:00"), List.of());
        ship(List.of(TestCalls.settled(known, null, 1, 1)));
        closeDay();
        Statement before = statement(acme, day);

        UsageRecord late = shippedCall(acme, at(day, "09:00:00"), 7, 3);
        shipFromNode(
                UUID.randomUUID(), TestCalls.account(known, 1, known.openedAt(), Outcome.OK, 1, 1));
        shippedCall(acme, at(day.plusDays(1), "09:00:00"), 100, 100);
        assertThat(verify(acme, day, day).wrong()).isZero();
        closeDay();

        StatementDocument next = statement(acme, day.plusDays(1)).document();
        assertThat(statement(acme, day)).isEqualTo(before);
        assertThat(next.total()).isEqualTo(new Figures(1, 100, 100, 1_000, List.of()));
        assertThat(next.late().count()).isEqualTo(1);
        assertThat(next.late().totals())
                .containsExactly(
                        new LateTotal(
                                day,
                                late.projectId(),
                                ModelName.of("acme/iris"),
                                1,
                                new Figures(1, 7, 3, 1_000, List.of())));
        assertThat(next.balance()).isEqualTo(new Figures(2, 107, 103, 2_000, List.of()));
        assertThat(next.sides().lateAccounts()).isEqualTo(1);
        assertThat(verify(acme, day, day.plusDays(1)).wrong()).isZero();
    }

    @Test
    void postsCorrectionsAndCreditsBesideTheCallsWithReasonAndApprover() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        UsageRecord call = shippedCall(acme, at(day, "10:00:00"), 50, 5);
        String path = "/api/v1/admin/tenants/" + acme.id() + "/usage/adjustments";

        Answer correction =
                one.http()
                        .post(
                                path,
                                admin(),
                                Map.of(
                                        "kind",
                                        "CORRECTION",
                                        "callId",
                                        call.callId(),
                                        "inputTokens",
                                        -20,
                                        "outputTokens",
                                        3,
                                        "reason",
                                        "the node counted twice"));
        Answer credit =
                one.http()
                        .post(
                                path,
                                admin(),
                                Map.of(
                                        "kind",
                                        "CREDIT",
                                        "day",
                                        day,
                                        "model",
                                        "acme/iris",
                                        "costMicros",
                                        -500,
                                        "currency",
                                        "EUR",
                                        "reason",
                                        "an outage"));
        closeDay();

        assertThat(correction.status()).as(correction.text()).isEqualTo(201);
        assertThat(credit.status()).as(credit.text()).isEqualTo(201);
        StatementDocument stated = statement(acme, day).document();
        assertThat(stated.total()).isEqualTo(new Figures(1, 50, 5, 1_000, List.of()));
        assertThat(stated.adjustments()).hasSize(2);
        assertThat(stated.adjustments().getFirst().approvedBy()).isNotBlank();
        assertThat(stated.balance())
                .isEqualTo(new Figures(1, 30, 8, 1_000, List.of(new Cost(-500, "EUR"))));
        JsonNode own =
                one.http().get("/api/v1/usage/adjustments?limit=1", acme.ownerToken()).json();
        assertThat(own.path("items").path(0).path("reason").asString()).isEqualTo("an outage");
        assertThat(own.path("nextCursor").asString()).isNotBlank();
        assertThat(one.http().get(path, admin()).json().path("items").size()).isEqualTo(2);
        assertThat(one.http().get("/api/v1/audit", acme.ownerToken()).text())
                .contains("usage.adjusted", "the node counted twice");
        assertThat(verify(acme, day, day).wrong()).isZero();
    }

    @Test
    void refusesAdjustmentsThatSayTooLittleOrNameAForeignCall() {
        TestTenant acme = newTenant("acme");
        TestTenant globex = newTenant("globex");
        UsageRecord foreign = shippedCall(globex, at(openDay(), "10:00:00"), 1, 1);
        String path = "/api/v1/admin/tenants/" + acme.id() + "/usage/adjustments";
        Map<String, Object> aboutForeign =
                Map.of("kind", "CREDIT", "callId", foreign.callId(), "calls", -1, "reason", "x");
        List<Map<String, Object>> wrong =
                List.of(
                        aboutForeign,
                        Map.of("kind", "CREDIT", "day", openDay(), "calls", -1, "reason", "x"),
                        Map.of(
                                "kind", "CREDIT", "day", openDay(), "model", "a/b", "calls", 1,
                                "reason", "x"),
                        Map.of(
                                "kind", "CREDIT", "day", openDay(), "model", "a/b", "calls", 0,
                                "reason", "x"),
                        Map.of(
                                "kind", "CREDIT", "day", openDay(), "model", "a/b", "calls", -1,
                                "reason", " "),
                        Map.of("kind", "CREDIT", "day", openDay(), "model", "a/b", "calls", -1),
                        Map.of(
                                "kind",
                                "CORRECTION",
                                "day",
                                openDay(),
                                "model",
                                "a/b",
                                "costMicros",
                                1,
                                "reason",
                                "x"),
                        Map.of(
                                "kind",
                                "CORRECTION",
                                "day",
                                openDay(),
                                "model",
                                "a/b",
                                "calls",
                                Long.MAX_VALUE,
                                "reason",
                                "x"),
                        Map.of(
                                "kind",
                                "CORRECTION",
                                "day",
                                "2999-01-01",
                                "model",
                                "a/b",
                                "calls",
                                1,
                                "reason",
                                "x"));

        assertThat(wrong)
                .allSatisfy(body ->
                        assertThat(one.http().post(path, admin(), body).code())
                                .isEqualTo("invalid_request"));
        assertThat(one.http().post(path, acme.ownerToken(), aboutForeign).status()).isEqualTo(403);
        assertThat(
                        one.http()
                                .post(
                                        "/api/v1/admin/tenants/"
                                                + UUID.randomUUID()
                                                + "/usage/adjustments",
                                        admin(),
                                        aboutForeign)
                                .status())
                .isEqualTo(404);
    }

    @Test
    void keepsADayOpenWhileItMayStillGrowUntilPatienceEnds() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        UUID node =
                platform.sql(
                                """
                                INSERT INTO node (name, url, cpus, memory_bytes, sandbox, joined_at, last_seen_at)
                                VALUES ('silent', 'http://x', 1, 1, 'none', '2020-01-01', now() + interval '1 hour')
                                RETURNING id
                                """)
                        .query(UUID.class)
                        .single();
        ship(List.of(), List.of(TestCalls.open(acme.id(), at(day, "23:00:00"), List.of())));

        try {
            assertThat(books(one, Duration.ofMinutes(119)).closeNext()).isEmpty();
            assertThat(books(one, GRACE).closeNext()).isEmpty();
            assertThat(books(one, Duration.ofHours(23)).closeNext()).isEmpty();
            duty(one, books(one, Duration.ofHours(24))).run();

            assertThat(openDay()).isEqualTo(day.plusDays(1));
            assertThat(statement(acme, day).document().sides().openOrphans()).isEqualTo(1);
        } finally {
            platform.sql("UPDATE node SET alive = false WHERE id = ?").param(node).update();
            await().atMost(PATIENCE)
                    .until(() ->
                            platform.sql(
                                                    "SELECT count(*) FROM usage_orphan WHERE resolved_at IS NULL")
                                            .query(Integer.class)
                                            .single()
                                    == 0);
        }
    }

    @Test
    void runTimeRolesCannotChangeWhatIsPosted() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        shippedCall(acme, at(day, "10:00:00"), 1, 1);
        closeDay();

        for (String table :
                List.of(
                        "usage_record",
                        "usage_line",
                        "usage_late",
                        "usage_adjustment",
                        "usage_statement",
                        "usage_closed_day",
                        "usage_stated_day")) {
            for (var role : List.of(app(), platform)) {
                assertThatThrownBy(() -> role.sql("DELETE FROM " + table).update())
                        .hasStackTraceContaining("permission denied");
                assertThatThrownBy(() -> role.sql("UPDATE " + table + " SET day = day").update())
                        .hasStackTraceContaining("permission denied");
            }
        }
        assertThatThrownBy(() ->
                        asOwner(
                                "usage_statement",
                                "DELETE FROM usage_statement WHERE day = DATE '" + day + "'"))
                .hasStackTraceContaining("never edited");
        assertThatThrownBy(() ->
                        asOwner(
                                "usage_record",
                                "UPDATE usage_record SET input_tokens = 0 WHERE day = DATE '"
                                        + day
                                        + "'"))
                .hasStackTraceContaining("never edited");
        assertThat(verify(acme, day, day).wrong()).isZero();
    }

    @Test
    void retentionDropsRowsAndHashesOfADayTogether() {
        LocalDate old = LocalDate.now().minusDays(500);
        String name = old.toString().replace("-", "");
        platform.sql("SELECT usage_ensure_partitions(?, ?)").params(old, old).query().singleRow();
        assertThat(exists("usage_record_" + name)).isTrue();
        assertThat(exists("usage_line_" + name)).isTrue();

        platform.sql("SELECT usage_drop_partitions(?)").param(old.plusDays(1)).query().singleRow();

        assertThat(exists("usage_record_" + name)).isFalse();
        assertThat(exists("usage_line_" + name)).isFalse();
    }

    @Test
    void twoRegistriesMakeEachStatementOnce() throws Exception {
        List<TestTenant> tenants =
                IntStream.range(0, 4).mapToObj(i -> newTenant("both-" + i)).toList();
        LocalDate day = openDay();
        for (TestTenant tenant : tenants) {
            ship(
                    IntStream.range(0, 50)
                            .mapToObj(
                                    i -> call(tenant, at(day, "1%d:00:00".formatted(i % 10)), i, 1))
                            .toList());
        }
        Books atOne = books(one, GRACE);
        Books atOther = books(other, GRACE);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> both =
                    List.of(
                            threads.submit(() -> duty(one, atOne).run()),
                            threads.submit(() -> duty(other, atOther).run()));
            for (Future<?> run : both) {
                run.get();
            }
        }
        duty(one, books(one, Duration.ZERO)).run();

        assertThat(openDay()).isEqualTo(day.plusDays(1));
        for (TestTenant tenant : tenants) {
            assertThat(statement(tenant, day).document().rows().count()).isEqualTo(50);
            assertThat(verify(tenant, day, day).wrong()).isZero();
        }
    }

    @Test
    void callsPostedWhileTheirDayIsClosedAreOnItsStatementOrLateAndNeverBoth() throws Exception {
        TestTenant acme = newTenant("racing");
        LocalDate day = openDay();
        int batches = 60;
        int perBatch = 20;
        Books books = books(one, GRACE);
        shippedCall(acme, at(day, "11:00:00"), 1, 1);

        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Future<?>> running = new ArrayList<>();
            for (int batch = 0; batch < batches; batch++) {
                if (batch == batches / 2) {
                    running.add(threads.submit(() -> closed(books, day)));
                }
                List<UsageRecord> calls =
                        Stream.generate(() -> call(acme, at(day, "12:00:00"), 1, 1))
                                .limit(perBatch)
                                .toList();
                running.add(threads.submit(() -> ship(calls)));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        shippedCall(acme, at(day, "13:00:00"), 1, 1);
        duty(one, books(one, Duration.ZERO)).run();
        LocalDate next = closeDay();

        long onTime = statement(acme, day).document().total().calls();
        long late = statement(acme, next).document().late().count();
        assertThat(next).isEqualTo(day.plusDays(1));
        assertThat(onTime + late).isEqualTo((long) batches * perBatch + 2);
        assertThat(onTime).isPositive();
        assertThat(late).isPositive();
        assertThat(verify(acme, day, next).wrong()).isZero();
    }

    @Test
    void foreignTenantsSeeNothing() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        shippedCall(acme, at(day, "10:00:00"), 1, 1);
        closeDay();
        TestTenant globex = newTenant("globex");
        closeDay();

        Answer foreign = one.http().get("/api/v1/statements/" + day, globex.ownerToken());
        Answer list = one.http().get("/api/v1/statements?to=" + day, globex.ownerToken());

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.code()).isEqualTo("not_found");
        assertThat(list.json().path("items").size()).isZero();
        assertThat(
                        one.http()
                                .get(
                                        "/api/v1/admin/tenants/" + acme.id() + "/statements",
                                        globex.ownerToken())
                                .status())
                .isEqualTo(403);
        assertThat(app().sql("SELECT count(*) FROM usage_statement").query(Long.class).single())
                .isZero();
        assertThat(app().sql("SELECT count(*) FROM usage_adjustment").query(Long.class).single())
                .isZero();
    }

    @Test
    void listsStatementsByPagesAndSumsThemByMonth() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        shippedCall(acme, at(day, "10:00:00"), 5, 1);
        shippedCall(acme, at(day.plusDays(1), "10:00:00"), 6, 1);
        closeDay();
        closeDay();
        closeDay();

        JsonNode first = one.http().get("/api/v1/statements?limit=2", acme.ownerToken()).json();
        JsonNode second =
                one.http()
                        .get(
                                "/api/v1/statements?limit=2&cursor="
                                        + first.path("nextCursor").asString(),
                                acme.ownerToken())
                        .json();
        JsonNode some =
                one.http()
                        .get(
                                "/api/v1/admin/tenants/"
                                        + acme.id()
                                        + "/statements?from="
                                        + day
                                        + "&to="
                                        + day,
                                admin())
                        .json();
        StatementMonth month = month(acme, YearMonth.from(day));

        assertThat(first.path("items").size()).isEqualTo(2);
        assertThat(second.path("items").size()).isEqualTo(1);
        assertThat(second.path("items").path(0).path("day").asString()).isEqualTo(day.toString());
        assertThat(some.path("items").size()).isEqualTo(1);
        assertThat(
                        Answer.JSON
                                .treeToValue(some.path("items").path(0), StatementSummary.class)
                                .total()
                                .inputTokens())
                .isEqualTo(5);
        boolean sameMonth = YearMonth.from(day).equals(YearMonth.from(day.plusDays(1)));
        assertThat(month.balance().inputTokens()).isEqualTo(sameMonth ? 11 : 5);
        assertThat(month.closed())
                .isEqualTo(!YearMonth.from(day).equals(YearMonth.from(day.plusDays(3))));
    }

    /** What comes later for one of its days is stated in the next month. */
    @Test
    void aClosedMonthNeverChanges() {
        TestTenant acme = newTenant("acme");
        LocalDate day = openDay();
        YearMonth month = YearMonth.from(day);
        UsageRecord call = shippedCall(acme, at(day, "10:00:00"), 5, 1);
        boolean closedTooEarly = false;
        while (YearMonth.from(openDay()).equals(month)) {
            closeDay();
            closedTooEarly |=
                    month(acme, month).closed() && YearMonth.from(openDay()).equals(month);
        }
        StatementMonth before = month(acme, month);

        shippedCall(acme, at(day, "11:00:00"), 7, 3);
        Answer correction =
                one.http()
                        .post(
                                "/api/v1/admin/tenants/" + acme.id() + "/usage/adjustments",
                                admin(),
                                Map.of(
                                        "kind",
                                        "CORRECTION",
                                        "callId",
                                        call.callId(),
                                        "inputTokens",
                                        -2,
                                        "reason",
                                        "counted too high"));
        LocalDate next = closeDay();

        assertThat(correction.status()).as(correction.text()).isEqualTo(201);
        assertThat(closedTooEarly).isFalse();
        assertThat(before.closed()).isTrue();
        assertThat(before.balance()).isEqualTo(new Figures(1, 5, 1, 1_000, List.of()));
        assertThat(month(acme, month)).isEqualTo(before);
        assertThat(YearMonth.from(next)).isEqualTo(month.plusMonths(1));
        assertThat(month(acme, month.plusMonths(1)).balance())
                .isEqualTo(new Figures(1, 5, 3, 1_000, List.of()));
        assertThat(verify(acme, day, next).wrong()).isZero();
    }

    private static StatementMonth month(TestTenant tenant, YearMonth month) {
        return one.http()
                .get("/api/v1/statements/months/" + month, tenant.ownerToken())
                .as(StatementMonth.class);
    }

    /** Again and again while the ledger is too busy. */
    private static void closed(Books books, LocalDate day) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(DataAccessException.class)
                .until(() -> books.closeNext().isPresent() || openDay().isAfter(day));
    }

    /** Input tokens at 2 micro-units each, from before the day. */
    private static void priceInputTokens(TestTenant tenant, LocalDate day) {
        platform.sql(
                        """
                        WITH list AS (INSERT INTO price_list (name, currency, created_by)
                                      VALUES (:name, 'EUR', 'x') RETURNING id),
                             price AS (INSERT INTO price (list_id, effective_from, input_tokens, created_by)
                                       SELECT id, :since::date, 2000000, 'x' FROM list)
                        INSERT INTO price_assignment (tenant_id, list_id, since, assigned_by)
                        SELECT :tenant, id, :since::date, 'x' FROM list
                        """)
                .param("name", tenant.slug())
                .param("tenant", tenant.id().value())
                .param("since", day.minusDays(1).toString())
                .update();
    }

    /** By the documented recipe, with the rows as another client would read them. */
    private static String digestOfRows(UsageRecord... inOrder) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (UsageRecord record : inOrder) {
            String text =
                    platform.sql("SELECT usage_row_text(r) FROM usage_record r WHERE call_id = ?")
                            .param(record.callId())
                            .query(String.class)
                            .single();
            assertThat(text).contains(record.callId().toString(), "+00:00").doesNotContain("null");
            digest.update(
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8)));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static boolean exists(String table) {
        return platform.sql("SELECT to_regclass(?) IS NOT NULL")
                .param(table)
                .query(Boolean.class)
                .single();
    }
}
