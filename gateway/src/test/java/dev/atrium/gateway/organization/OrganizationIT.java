package dev.atrium.gateway.organization;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.admin.organization.usage.UsageAudioTranscriptionsParams;
import com.openai.models.admin.organization.usage.UsageCompletionsParams;
import com.openai.models.admin.organization.usage.UsageCompletionsResponse;
import com.openai.models.admin.organization.usage.UsageCostsParams;
import com.openai.models.admin.organization.usage.UsageCostsResponse;
import com.openai.models.admin.organization.usage.UsageImagesParams;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.registry.api.usage.UsageSums;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reports in the words of the OpenAI API, with what the registry would say. */
class OrganizationIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration ONE = Duration.ofDays(1);
    private static final String USAGE = "/v1/organization/usage/completions";
    private static final String COSTS = "/v1/organization/costs";
    private static final String START = "?start_time=" + DAY.getEpochSecond();

    private TenantFixture acme;
    private KeyFixture key;
    private OpenAIClient client;

    @BeforeEach
    void join() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        key = PLATFORM.key(acme, 100_000, List.of("usage:read"), List.of());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> GATEWAY.get(USAGE, key.text()).statusCode() == 400);
        client = client();
    }

    @AfterEach
    void registryBehavesAgainAndNothingBlocked() {
        client.close();
        REGISTRY.usageStatus(200);
        REGISTRY.usageGate(new Semaphore(1));
        REGISTRY.usageSums(new UsageSums(List.of(), true));
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @Test
    void theOfficialClientReadsUsagePageByPage() {
        REGISTRY.usageSums(
                new UsageSums(
                        List.of(
                                sum(DAY, PrincipalKind.API_KEY, "k1", 10),
                                sum(DAY, PrincipalKind.USER, "u1", 20)),
                        true));
        UsageCompletionsResponse page =
                client.admin()
                        .organization()
                        .usage()
                        .completions(
                                UsageCompletionsParams.builder()
                                        .startTime(DAY.getEpochSecond())
                                        .endTime(DAY.plus(ONE.multipliedBy(3)).getEpochSecond())
                                        .limit(2)
                                        .addGroupBy(UsageCompletionsParams.GroupBy.API_KEY_ID)
                                        .addGroupBy(UsageCompletionsParams.GroupBy.MODEL)
                                        .addModel("chat")
                                        .build())
                        .validate();

        assertThat(page.data()).hasSize(2);
        assertThat(page.data().getFirst().startTime()).isEqualTo(DAY.getEpochSecond());
        assertThat(page.data().getFirst().endTime()).isEqualTo(DAY.plus(ONE).getEpochSecond());
        assertThat(page.data().get(1).results()).isEmpty();
        var results = page.data().getFirst().results();
        assertThat(results).hasSize(2);
        var first = results.getFirst().asOrganizationUsageCompletions();
        assertThat(first.inputTokens()).isEqualTo(10);
        assertThat(first.outputTokens()).isEqualTo(5);
        assertThat(first.numModelRequests()).isEqualTo(1);
        assertThat(first.apiKeyId()).contains("k1");
        assertThat(first.model()).contains("acme/chat");
        assertThat(first.projectId()).isEmpty();
        assertThat(results.get(1).asOrganizationUsageCompletions().apiKeyId()).isEmpty();
        assertThat(page.hasMore()).isTrue();
        assertThat(lastQuestion())
                .contains(
                        "tenant=" + acme.id(),
                        "zone=UTC",
                        "from=2026-03-01T00:00:00Z",
                        "to=2026-03-03T00:00:00Z",
                        "groupBy=day",
                        "groupBy=principal",
                        "groupBy=model",
                        "operation=CHAT",
                        "model=" + acme.slug() + "/chat");

        REGISTRY.usageSums(new UsageSums(List.of(), true));
        UsageCompletionsResponse rest =
                client.admin()
                        .organization()
                        .usage()
                        .completions(
                                UsageCompletionsParams.builder()
                                        .startTime(DAY.getEpochSecond())
                                        .endTime(DAY.plus(ONE.multipliedBy(3)).getEpochSecond())
                                        .limit(2)
                                        .page(page.nextPage().orElseThrow())
                                        .build());

        assertThat(rest.data()).hasSize(1);
        assertThat(rest.hasMore()).isFalse();
        assertThat(rest.nextPage()).isEmpty();
        assertThat(lastQuestion()).contains("from=2026-03-03T00:00:00Z", "to=2026-03-04T00:00:00Z");
    }

    @Test
    void theOfficialClientReadsCostsByCurrencyAndLine() {
        REGISTRY.usageSums(
                new UsageSums(
                        List.of(
                                priced(DAY, new Cost(1_500_001, "EUR"), new Cost(2, "USD")),
                                sum(DAY, PrincipalKind.USER, "u1", 20)),
                        true));
        UsageCostsResponse page =
                client.admin()
                        .organization()
                        .usage()
                        .costs(
                                UsageCostsParams.builder()
                                        .startTime(DAY.getEpochSecond())
                                        .endTime(DAY.plus(ONE).getEpochSecond())
                                        .addGroupBy(UsageCostsParams.GroupBy.LINE_ITEM)
                                        .addGroupBy(UsageCostsParams.GroupBy.PROJECT_ID)
                                        .build())
                        .validate();

        var results = page.data().getFirst().results();
        assertThat(results).hasSize(2);
        var euros = results.getFirst().asOrganizationCosts();
        assertThat(euros.amount().orElseThrow().value()).contains(1.500001);
        assertThat(euros.amount().orElseThrow().currency()).contains("eur");
        assertThat(euros.lineItem()).contains("acme/chat:2, chat");
        assertThat(euros.projectId()).contains(acme.project().toString());
        var dollars = results.get(1).asOrganizationCosts();
        assertThat(dollars.amount().orElseThrow().value()).contains(0.000002);
        assertThat(lastQuestion()).noneMatch(part -> part.startsWith("operation="));
    }

    @Test
    void theOfficialClientReadsPictures() {
        REGISTRY.usageSums(
                new UsageSums(
                        List.of(
                                heard(DAY, "u1", new Media(3, 0), 4),
                                heard(DAY, "u1", new Media(2, 900), 2),
                                heard(DAY, "u2", null, 1)),
                        true));

        var page =
                client.admin()
                        .organization()
                        .usage()
                        .images(
                                UsageImagesParams.builder()
                                        .startTime(DAY.getEpochSecond())
                                        .addGroupBy(UsageImagesParams.GroupBy.USER_ID)
                                        .build())
                        .validate();

        var results = page.data().getFirst().results();
        var first = results.getFirst().asOrganizationUsageImages();
        assertThat(results).hasSize(2);
        assertThat(first.images()).isEqualTo(5);
        assertThat(first.numModelRequests()).isEqualTo(6);
        assertThat(first.userId()).contains("u1");
        assertThat(first.source()).isEmpty();
        assertThat(results.get(1).asOrganizationUsageImages().images()).isZero();
        assertThat(lastQuestion())
                .contains("operation=IMAGE_CLASSIFICATION", "groupBy=principal")
                .filteredOn(part -> part.startsWith("operation="))
                .hasSize(1);
    }

    /** Seconds that have begun, once per result and not once per sum of the registry. */
    @Test
    void theOfficialClientReadsTranscriptions() {
        REGISTRY.usageSums(
                new UsageSums(
                        List.of(
                                heard(DAY, "u1", new Media(0, 1_300), 2),
                                heard(DAY, "u1", new Media(0, 1_300), 1)),
                        true));

        var page =
                client.admin()
                        .organization()
                        .usage()
                        .audioTranscriptions(
                                UsageAudioTranscriptionsParams.builder()
                                        .startTime(DAY.getEpochSecond())
                                        .addModel("speech")
                                        .build())
                        .validate();

        var results = page.data().getFirst().results();
        var first = results.getFirst().asOrganizationUsageAudioTranscriptions();
        assertThat(results).hasSize(1);
        assertThat(first.seconds()).isEqualTo(3);
        assertThat(first.numModelRequests()).isEqualTo(3);
        assertThat(first.model()).isEmpty();
        assertThat(lastQuestion())
                .contains("operation=TRANSCRIPTION", "model=" + acme.slug() + "/speech");
    }

    @ParameterizedTest
    @CsvSource({
        "group_by=size, group_by",
        "group_by=source, group_by",
        "sizes=256x256, sizes",
        "sources=image.edit, sources"
    })
    void refusesWhatIsNotKnownOfPictures(String query, String param) {
        assertError(
                GATEWAY.get("/v1/organization/usage/images" + START + "&" + query, key.text()),
                400,
                "unsupported_parameter",
                param);
    }

    @Test
    void addsUpWhatWasNotAskedToBeSplit() {
        REGISTRY.usageSums(
                new UsageSums(
                        List.of(
                                sum(DAY, PrincipalKind.SERVICE_ACCOUNT, "s1", 1),
                                sum(DAY, PrincipalKind.USER, "u1", 20),
                                sum(DAY, PrincipalKind.USER, "u2", 300)),
                        true));

        JsonNode byKey = body(USAGE + START + "&group_by=api_key_id");
        JsonNode byUser = body("/v1/organization/usage/embeddings" + START + "&group_by[]=user_id");

        assertThat(byKey.get("object").stringValue()).isEqualTo("page");
        assertThat(byKey.at("/data/0/object").stringValue()).isEqualTo("bucket");
        assertThat(byKey.at("/data/0/results")).hasSize(1);
        assertThat(byKey.at("/data/0/results/0/input_tokens").longValue()).isEqualTo(321);
        assertThat(byKey.at("/data/0/results/0/api_key_id").isNull()).isTrue();
        assertThat(byUser.at("/data/0/results")).hasSize(3);
        assertThat(byUser.at("/data/0/results/0/object").stringValue())
                .isEqualTo("organization.usage.embeddings.result");
        assertThat(byUser.at("/data/0/results/0/user_id").stringValue()).isEqualTo("s1");
        assertThat(byUser.at("/data/0/results/0").has("output_tokens")).isFalse();
        assertThat(lastQuestion()).contains("operation=EMBEDDINGS");
    }

    @Test
    void saysHowMuchInputCameFromACacheWhereThatIsKnown() {
        REGISTRY.usageSums(
                new UsageSums(
                        List.of(
                                cached(DAY, "u1", new CachedInput(2, 3)),
                                cached(DAY, "u1", new CachedInput(1, 4)),
                                sum(DAY, PrincipalKind.USER, "u2", 1)),
                        true));

        JsonNode byUser = body(USAGE + START + "&group_by=user_id");

        assertThat(byUser.at("/data/0/results/0/input_cached_tokens").longValue()).isEqualTo(7);
        assertThat(byUser.at("/data/0/results/1").has("input_cached_tokens")).isFalse();
    }

    @Test
    void asksForHoursAndForWhatIsFiltered() {
        UUID project = UUID.randomUUID();

        JsonNode page =
                body(
                        USAGE
                                + "?start_time=1772325000&end_time=1772335000&bucket_width=1h"
                                + "&project_ids="
                                + project
                                + "&api_key_ids=k1,k2&api_key_ids[]=k%26tenant%3Dother"
                                + "&models=other/chat");

        // From 00:30 to 03:16: four whole hours.
        assertThat(page.get("data")).hasSize(4);
        assertThat(page.at("/data/0/start_time").longValue()).isEqualTo(DAY.getEpochSecond());
        assertThat(page.get("has_more").booleanValue()).isFalse();
        assertThat(page.get("next_page").isNull()).isTrue();
        assertThat(lastQuestion())
                .contains(
                        "groupBy=hour",
                        "project=" + project,
                        "principal=k1",
                        "principal=k2",
                        "principal=k&tenant=other",
                        "model=other/chat",
                        "to=2026-03-01T04:00:00Z");
        assertThat(lastQuestion().stream().filter(part -> part.startsWith("tenant=")))
                .containsExactly("tenant=" + acme.id());
    }

    @Test
    void endsAPageEarlyWhereTheRegistryHasMoreGroups() {
        REGISTRY.usageSums(
                new UsageSums(
                        List.of(
                                sum(DAY, PrincipalKind.USER, "u1", 1),
                                sum(DAY.plus(ONE), PrincipalKind.USER, "u1", 1),
                                sum(DAY.plus(ONE.multipliedBy(2)), PrincipalKind.USER, "u1", 1)),
                        false));

        JsonNode page = body(USAGE + START + "&group_by=user_id");

        assertThat(page.get("data")).hasSize(2);
        assertThat(page.get("has_more").booleanValue()).isTrue();
        assertThat(page.get("next_page").stringValue())
                .isEqualTo("page_" + DAY.plus(ONE.multipliedBy(2)).getEpochSecond());
        REGISTRY.usageSums(new UsageSums(List.of(sum(DAY, PrincipalKind.USER, "u1", 1)), false));
        assertError(GATEWAY.get(USAGE + START, key.text()), 400, "invalid_request", "group_by");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    start_time=x                                | invalid_request       | start_time
                    start_time=-1                               | invalid_request       | start_time
                    start_time=99999999999999                   | invalid_request       | start_time
                    start_time=1&start_time=2                   | invalid_request       | start_time
                    limit=1                                     | invalid_request       | start_time
                    start_time=100&end_time=100                 | invalid_request       | end_time
                    start_time=1&bucket_width=1m                | unsupported_parameter | bucket_width
                    start_time=1&bucket_width=7d                | unsupported_parameter | bucket_width
                    start_time=1&limit=0                        | invalid_request       | limit
                    start_time=1&limit=32                       | invalid_request       | limit
                    start_time=1&bucket_width=1h&limit=169      | invalid_request       | limit
                    start_time=1&group_by=batch                 | unsupported_parameter | group_by
                    start_time=1&group_by=line_item             | unsupported_parameter | group_by
                    start_time=1&batch=true                     | unsupported_parameter | batch
                    start_time=1&tenant=other                   | unsupported_parameter | tenant
                    start_time=1&project_ids=mine               | invalid_request       | project_ids
                    start_time=1&user_ids=a&api_key_ids=b       | invalid_request       | user_ids
                    start_time=1&models=                        | invalid_request       | models
                    start_time=1&page=made-up                   | invalid_request       | page
                    start_time=1&page=page_7                    | invalid_request       | page
                    start_time=86400&page=page_0                | invalid_request       | page
                    start_time=1&end_time=9&page=page_86400     | invalid_request       | page
                    """)
    void refusesWhatItCannotAnswerByTheParametersName(String query, String code, String param) {
        int before = REGISTRY.usageQuestions().size();

        HttpResponse<String> answer = GATEWAY.get(USAGE + "?" + query, key.text());

        assertError(answer, 400, code, param);
        assertThat(REGISTRY.usageQuestions()).hasSize(before);
    }

    @Test
    void costsAreByTheDayAndOfAllModels() {
        assertError(
                GATEWAY.get(COSTS + START + "&bucket_width=1h", key.text()),
                400,
                "unsupported_parameter",
                "bucket_width");
        assertError(
                GATEWAY.get(COSTS + START + "&models=a/b", key.text()),
                400,
                "unsupported_parameter",
                "models");
        assertThat(GATEWAY.get(COSTS + START + "&limit=180", key.text()).statusCode())
                .isEqualTo(200);
        assertError(
                GATEWAY.get(COSTS + START + "&limit=181", key.text()),
                400,
                "invalid_request",
                "limit");
    }

    @Test
    void isForThoseWhoMayReadUsageAndCountsAsARequest() {
        KeyFixture caller = PLATFORM.key(acme);
        KeyFixture busy = PLATFORM.key(acme, 1, List.of("usage:read"), List.of());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> GATEWAY.get(USAGE + START, busy.text()).statusCode() != 401);

        HttpResponse<String> forbidden = GATEWAY.get(USAGE + START, caller.text());
        HttpResponse<String> nobody = GATEWAY.get(USAGE + START, null);
        HttpResponse<String> elsewhere =
                GATEWAY.get("/v1/organization/usage/moderations" + START, key.text());

        assertError(forbidden, 403, "insufficient_permissions", null);
        assertError(nobody, 401, "invalid_api_key", null);
        assertError(elsewhere, 404, "unknown_url", null);
        assertError(GATEWAY.get(USAGE + START, busy.text()), 429, "rate_limit_exceeded", null);
        assertError(GATEWAY.post(USAGE + START, key.text(), "{}"), 405, "method_not_allowed", null);
    }

    @Test
    void says503WhileTheRegistryIsAway() {
        REGISTRY.usageStatus(503);

        HttpResponse<String> answer = GATEWAY.get(USAGE + START, key.text());

        assertError(answer, 503, "gateway_unavailable", null);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }

    @Test
    void refusesTooManyQuestionsAtOnceWithoutAskingTheRegistry() {
        Semaphore gate = new Semaphore(0);
        REGISTRY.usageGate(gate);
        int before = REGISTRY.usageQuestions().size();

        List<CompletableFuture<HttpResponse<String>>> answers =
                Stream.generate(() -> GATEWAY.sendAsync(request())).limit(40).toList();
        // The registry answers nobody, so this one was refused.
        CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new)).join();
        gate.release();

        List<HttpResponse<String>> refused =
                answers.stream()
                        .map(CompletableFuture::join)
                        .filter(answer -> answer.body().contains("\"overloaded\""))
                        .toList();
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(503));
        assertThat(REGISTRY.usageQuestions().size() - before)
                .isPositive()
                .isLessThanOrEqualTo(40 - refused.size());
        assertThat(GATEWAY.send(request()).statusCode()).isEqualTo(200);
    }

    private HttpRequest request() {
        return GATEWAY.request(URI.create(GATEWAY.url() + USAGE + START), key.text()).GET().build();
    }

    private JsonNode body(String path) {
        HttpResponse<String> answer =
                GATEWAY.get(path.replace("[", "%5B").replace("]", "%5D"), key.text());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<String> lastQuestion() {
        List<String> parts = new ArrayList<>();
        Arrays.stream(REGISTRY.usageQuestions().getLast().split("&"))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .forEach(parts::add);
        return parts;
    }

    private UsageSum sum(Instant day, PrincipalKind kind, String principal, long input) {
        return sum(day, kind, principal, input, List.of());
    }

    private UsageSum priced(Instant day, Cost... costs) {
        return sum(day, PrincipalKind.API_KEY, "k1", 1, List.of(costs));
    }

    private UsageSum sum(
            Instant day, PrincipalKind kind, String principal, long input, List<Cost> costs) {
        return sum(day, kind, principal, input, costs, null, null, 1);
    }

    private UsageSum cached(Instant day, String principal, CachedInput cached) {
        return sum(day, PrincipalKind.USER, principal, 9, List.of(), cached, null, 1);
    }

    private UsageSum heard(Instant day, String principal, @Nullable Media media, long calls) {
        return sum(day, PrincipalKind.USER, principal, 0, List.of(), null, media, calls);
    }

    private UsageSum sum(
            Instant day,
            PrincipalKind kind,
            String principal,
            long input,
            List<Cost> costs,
            @Nullable CachedInput cached,
            @Nullable Media media,
            long calls) {
        return new UsageSum(
                day,
                day.plus(ONE),
                null,
                acme.project(),
                kind,
                principal,
                new ModelName("acme", "chat"),
                2,
                Operation.CHAT,
                null,
                calls,
                0,
                input,
                5,
                100,
                costs,
                null,
                cached,
                media);
    }

    private OpenAIClient client() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(GATEWAY.url() + "/v1")
                .adminApiKey(key.text())
                .maxRetries(0)
                .build();
    }

    private static void assertError(
            HttpResponse<String> answer, int status, String code, @Nullable String param) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        if (param != null) {
            assertThat(error.get("param").stringValue()).isEqualTo(param);
        }
    }
}
