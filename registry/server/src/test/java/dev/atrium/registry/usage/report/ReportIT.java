package dev.atrium.registry.usage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.usage.UsageSum;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class ReportIT extends RegistryTest {
    private static final Instant BEGIN = Instant.parse("2026-10-20T00:00:00Z");
    private static final String SPAN = "&from=2026-10-20T00:00:00Z&to=2026-11-01T00:00:00Z";
    private static final String MONTH = "&from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z";
    private static final UUID SEARCH = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID SHOP = UUID.fromString("00000000-0000-7000-8000-000000000002");

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    private TestSums sums;

    @BeforeEach
    void connect() {
        sums = new TestSums(platform);
    }

    @Test
    void sumsByAllThatIsAskedTogether() {
        TestTenant acme = tenant("acme");
        sums.add(acme.id(), BEGIN, SEARCH, "k1", "acme/a", 1, "EUR", 3);
        sums.add(acme.id(), BEGIN.plus(Duration.ofHours(1)), SEARCH, "k2", "acme/a", 2, "EUR", 4);
        sums.add(acme.id(), BEGIN, SEARCH, "k1", "acme/a", 1, "USD", 5);
        sums.add(acme.id(), BEGIN, SHOP, "k1", "acme/a", 1, null, 6);
        sums.add(acme.id(), BEGIN, SHOP, "k1", "acme/b", 1, null, 7);

        List<UsageSum> total = sums(acme, "groupBy=" + SPAN);
        List<UsageSum> byProjectAndModel = sums(acme, "groupBy=model,project" + SPAN);
        List<UsageSum> byVersion = sums(acme, "groupBy=version&model=acme/a" + SPAN);
        List<UsageSum> ofOne =
                sums(acme, "groupBy=principal&project=" + SEARCH + "&principal=k1" + SPAN);

        assertThat(total)
                .containsExactly(
                        new UsageSum(
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                25,
                                5,
                                250,
                                50,
                                25_000,
                                List.of(new Cost(10_500, "EUR"), new Cost(7_500, "USD")),
                                null,
                                null,
                                null));
        assertThat(byProjectAndModel)
                .extracting(
                        sum -> sum.projectId().value(),
                        sum -> sum.model().toString(),
                        UsageSum::calls)
                .containsExactly(
                        tuple(SEARCH, "acme/a", 12L),
                        tuple(SHOP, "acme/a", 6L),
                        tuple(SHOP, "acme/b", 7L));
        assertThat(byProjectAndModel.get(1).costs()).isEmpty();
        assertThat(byVersion)
                .extracting(UsageSum::version, UsageSum::calls)
                .containsExactly(tuple(1, 14L), tuple(2, 4L));
        assertThat(ofOne)
                .extracting(UsageSum::principalId, UsageSum::calls)
                .containsExactly(tuple("k1", 8L));
    }

    @Test
    void countsDaysInTheTenantsZoneWhateverTheClocksDo() {
        TestTenant acme = tenant("acme");
        platform.sql("UPDATE tenant SET time_zone = 'Europe/Paris' WHERE id = ?")
                .param(acme.id().value())
                .update();
        Instant sunday = Instant.parse("2026-10-24T22:00:00Z");
        // The Sunday on which summer time ends has 25 hours.
        for (int hour = -1; hour < 27; hour++) {
            Instant at = sunday.plus(Duration.ofHours(hour));
            sums.add(acme.id(), at, SHOP, "k", "acme/a", 1, null, 1);
        }

        List<UsageSum> days = sums(acme, "groupBy=day" + SPAN);
        List<UsageSum> inTokyo = sums(acme, "groupBy=day&zone=Asia/Tokyo" + SPAN);

        assertThat(days)
                .extracting(UsageSum::begin, UsageSum::end, UsageSum::calls)
                .containsExactly(
                        tuple(sunday.minus(Duration.ofHours(24)), sunday, 1L),
                        tuple(sunday, sunday.plus(Duration.ofHours(25)), 25L),
                        tuple(
                                sunday.plus(Duration.ofHours(25)),
                                sunday.plus(Duration.ofHours(49)),
                                2L));
        assertThat(inTokyo).extracting(UsageSum::calls).containsExactly(18L, 10L);
    }

    @Test
    void pagesThroughEveryGroupOnce() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        for (int i = 0; i < 5; i++) {
            Instant hour = BEGIN.plus(Duration.ofHours(i / 2));
            for (String currency : new String[] {"EUR", "USD", null}) {
                sums.add(acme.id(), hour, SHOP, "k", "acme/m" + i, 1, currency, 1);
            }
        }

        for (String by : List.of("hour,model", "model", "day,model")) {
            List<String> seen = new ArrayList<>();
            String cursor = "";
            do {
                String path = "/api/v1/usage?limit=2&groupBy=" + by + SPAN + "&cursor=" + cursor;
                assertThat(cursor.isEmpty() ? 400 : http().get(path, globex.ownerToken()).status())
                        .as("somebody else's cursor")
                        .isEqualTo(400);
                JsonNode page = http().get(path, acme.ownerToken()).json();
                page.path("items")
                        .forEach(item -> {
                            assertThat(item.path("calls").asLong()).isEqualTo(3);
                            assertThat(item.path("costs")).hasSize(2);
                            seen.add(item.path("model").asString());
                        });
                cursor = page.path("nextCursor").asString("");
            } while (!cursor.isEmpty());
            assertThat(seen)
                    .as(by)
                    .containsExactly("acme/m0", "acme/m1", "acme/m2", "acme/m3", "acme/m4");
        }
    }

    @Test
    void readsTheSumsOfTenMillionCallsAndNoCall() {
        TestTenant acme = tenant("acme");
        Instant from = Instant.parse("2026-10-01T00:00:00Z");
        sums.addTenMillionCalls(acme.id(), from);
        Report report =
                Report.of(
                        new Question(
                                List.of("day", "model"),
                                from,
                                from.plus(Duration.ofDays(31)),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null),
                        List.of(),
                        ZoneOffset.UTC,
                        Instant.now());

        List<UsageSum> byDay = sums(acme, "groupBy=day&limit=200" + MONTH);
        String plan =
                String.join(
                        "\n",
                        platform.sql(
                                        "EXPLAIN "
                                                + HourlySums.sql(
                                                        report, List.of(), "tenant_id = :tenant"))
                                .param("tenant", acme.id().value())
                                .param("from", from.atOffset(ZoneOffset.UTC))
                                .param("to", report.to().atOffset(ZoneOffset.UTC))
                                .param("days", "{2026-10-01T00:00:00Z}")
                                .param("most", 100)
                                .query(String.class)
                                .list());

        // The ledger has not a single call of this tenant.
        assertThat(byDay).hasSize(31);
        assertThat(byDay.stream().mapToLong(UsageSum::calls).sum()).isEqualTo(10_044_000);
        assertThat(plan).contains("usage_hourly").doesNotContain("usage_record");
    }

    @Test
    void aTenantSeesItsOwnAndThePlatformAll() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        sums.add(acme.id(), BEGIN, SEARCH, "k", "acme/a", 1, "EUR", 3);
        sums.add(globex.id(), BEGIN, SHOP, "k", "acme/a", 1, "EUR", 4);
        String both = "tenant=" + acme.id() + "&tenant=" + globex.id();

        List<UsageSum> own = sums(acme, "groupBy=tenant" + SPAN);
        List<UsageSum> foreign = sums(acme, "groupBy=project&project=" + SHOP + SPAN);
        Answer all =
                http().get("/api/v1/admin/usage?groupBy=tenant&" + both + SPAN, operatorToken());

        assertThat(own)
                .extracting(UsageSum::tenantId, UsageSum::calls)
                .containsExactly(tuple(acme.id(), 3L));
        assertThat(foreign).isEmpty();
        assertThat(list(all))
                .extracting(UsageSum::tenantId, UsageSum::calls)
                .containsExactlyInAnyOrder(tuple(acme.id(), 3L), tuple(globex.id(), 4L));
        assertThat(http().get("/api/v1/admin/usage", acme.ownerToken()).status()).isEqualTo(403);
        for (String path : List.of("", "/export?format=focus-1.0" + SPAN)) {
            assertThat(csv("/api/v1/usage" + (path.isEmpty() ? "?" + SPAN : path), globex))
                    .doesNotContain(SEARCH.toString());
        }
    }

    @Test
    void writesATableForSpreadsheets() {
        TestTenant acme = tenant("acme");
        sums.add(acme.id(), BEGIN, SEARCH, "=cmd(\"x\")", "acme/a", 1, "EUR", 3);
        sums.add(acme.id(), BEGIN, SEARCH, "k", "acme/a", 1, null, 4);

        Answer answer = sheet("/api/v1/usage?groupBy=day,principal" + SPAN, acme);

        assertThat(answer.text())
                .isEqualTo(
                        """
                        begin,end,principal_kind,principal_id,calls,failed_calls,input_tokens,output_tokens,compute_micros,cost,currency,energy_calls,energy_j,gco2e_calls,gco2e,cached_input_calls,cached_input_tokens,images,audio_seconds
                        2026-10-20T00:00:00Z,2026-10-21T00:00:00Z,API_KEY,"'=cmd(""x"")",3,1,30,6,3000,0.004500,EUR,0,,0,,0,,0,0.000
                        2026-10-20T00:00:00Z,2026-10-21T00:00:00Z,API_KEY,k,4,1,40,8,4000,,,0,,0,,0,,0,0.000
                        """
                                .replace("\n", "\r\n"));
        assertThat(answer.header("Content-Type")).startsWith("text/csv");
        assertThat(answer.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"usage-2026-10-20-2026-10-31.csv\"");
    }

    @Test
    void exportsWhatHasAPriceInTheFormatOfFinOps() {
        TestTenant acme = tenant("acme");
        UUID project =
                platform.sql("SELECT id FROM project WHERE tenant_id = ?")
                        .param(acme.id().value())
                        .query(UUID.class)
                        .single();
        sums.add(acme.id(), BEGIN, project, "k", "acme/a", 2, "EUR", 1_000_000);
        sums.add(acme.id(), BEGIN, project, "k", "acme/free", 1, null, 4);

        List<String> lines =
                csv("/api/v1/usage/export?format=focus-1.0" + SPAN, acme).lines().toList();

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst())
                .isEqualTo(
                        "BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,"
                                + "BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargeClass,"
                                + "ChargeDescription,ChargeFrequency,ChargePeriodStart,"
                                + "ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,ContractedCost,"
                                + "EffectiveCost,InvoiceIssuerName,ListCost,PricingQuantity,"
                                + "PricingUnit,ProviderName,PublisherName,RegionId,ResourceId,"
                                + "ResourceName,ResourceType,ServiceCategory,ServiceName,SkuId,"
                                + "SubAccountId,SubAccountName,Tags,x_FailedRequests,"
                                + "x_InputTokens,x_OutputTokens,x_ComputeMillis,"
                                + "x_EnergyRequests,x_EnergyJoules,x_CarbonRequests,"
                                + "x_CarbonGrams,x_CachedInputRequests,x_CachedInputTokens,"
                                + "x_Images,x_AudioSeconds");
        assertThat(lines.getLast())
                .isEqualTo(
                        "1500.000000,%s,%s,EUR,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Usage,,"
                                        .formatted(acme.id(), acme.slug())
                                + "\"chat calls of acme/a, version 2\",Usage-Based,"
                                + "2026-10-20T00:00:00Z,2026-10-21T00:00:00Z,1000000,Requests,"
                                + "1500.000000,1500.000000,Atrium,1500.000000,1000000,Requests,"
                                + "Atrium,Atrium,,acme/a:2,acme/a,Model version,"
                                + "AI and Machine Learning,Model serving,acme/a:2/chat,"
                                + project
                                + ",Default,\"{\"\"atrium/principal\"\":\"\"api_key:k\"\"}\","
                                + "1,10000000,2000000,1000000,0,,0,,0,,0,0.000");
    }

    @Test
    void tagsChargesWithTheirLabels() {
        TestTenant acme = tenant("acme");
        sums.add(acme.id(), BEGIN, SHOP, "k", "acme/a", 1, "EUR", 1, "marketing/eu");
        sums.add(acme.id(), BEGIN, SHOP, "k", "acme/a", 1, "EUR", 2);

        List<String> lines =
                csv("/api/v1/usage/export?format=focus-1.0" + SPAN, acme).lines().toList();

        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).startsWith("0.003000,").doesNotContain("atrium/label");
        assertThat(lines.get(2))
                .startsWith("0.001500,")
                .contains(
                        "\"{\"\"atrium/principal\"\":\"\"api_key:k\"\","
                                + "\"\"atrium/label\"\":\"\"marketing/eu\"\"}\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?groupBy=colour",
                "?groupBy=hour,day",
                "?zone=Mars/Olympus",
                "?limit=0",
                "?cursor=made-up",
                "?project=none",
                "?operation=SING",
                "?from=2026-11-01T00:00:00Z&to=2026-10-01T00:00:00Z",
                "?from=2024-11-01T00:00:00Z&to=2026-10-01T00:00:00Z",
                "?groupBy=hour&from=2026-08-01T00:00:00Z&to=2026-10-01T00:00:00Z",
                "/export?format=focus-9"
            })
    void refusesWhatMakesNoSense(String question) {
        Answer answer = http().get("/api/v1/usage" + question, operatorToken());

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_request");
    }

    private List<UsageSum> sums(TestTenant tenant, String question) {
        return list(http().get("/api/v1/usage?" + question, tenant.ownerToken()));
    }

    private static List<UsageSum> list(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<UsageSum> sums = new ArrayList<>();
        answer.json()
                .path("items")
                .forEach(item -> sums.add(Answer.JSON.treeToValue(item, UsageSum.class)));
        return sums;
    }

    private String csv(String path, TestTenant tenant) {
        return sheet(path, tenant).text();
    }

    private Answer sheet(String path, TestTenant tenant) {
        Answer answer =
                http().send(
                                http().request(path)
                                        .header("Authorization", "Bearer " + tenant.ownerToken())
                                        .header("Accept", "text/csv")
                                        .GET());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }
}
