package dev.atrium.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.gateway.testing.Wav;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three gateways on one registry, and everything that their policies must share. */
class SharedQuotaIT {
    private static final FakeRegistry REGISTRY = new FakeRegistry();
    private static final FakeInferenceNode NODE = new FakeInferenceNode(REGISTRY);
    private static final Platform PLATFORM = new Platform(REGISTRY);
    private static final List<RunningGateway> GATEWAYS = new ArrayList<>();

    @TempDir private static Path data;

    private static final Duration CALLING = Duration.ofMillis(2_200);
    private static final int AT_A_TIME = 24;
    private static final double NEARLY_ALL = 0.7;

    private TenantFixture acme;
    private KeyFixture key;

    @BeforeAll
    static void start() {
        for (int i = 0; i < 3; i++) {
            GATEWAYS.add(
                    RunningGateway.start(
                            REGISTRY,
                            data.resolve("g" + i),
                            "logging.level.dev.atrium.gateway.access=warn",
                            // What is asked here is how many, not how soon on a loaded machine.
                            "atrium.gateway.quota.longest-wait=2s",
                            "atrium.gateway.upstream.deadline=10s"));
        }
    }

    @AfterAll
    static void stop() {
        GATEWAYS.forEach(RunningGateway::close);
        NODE.close();
        REGISTRY.close();
    }

    @BeforeEach
    void deploy() {
        acme = PLATFORM.customer(NODE);
        NODE.script(Script.answer());
    }

    @AfterEach
    void nothingIsBrokenOrLeft() {
        for (RunningGateway gateway : GATEWAYS) {
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
            await().until(() -> gateway.bean(Quotas.class).open() == 0);
        }
        assertThat(REGISTRY.quotas().broken()).isNull();
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "100, 1", "1, 3", "7, 3", "100, 3"})
    void answersExactlyAsManyCallsAsTheLimitAllows(int limit, int gateways) {
        PolicyId policy = PLATFORM.policy(acme, Unit.REQUESTS, Window.DAY, limit);
        key = PLATFORM.key(acme);
        awaitFeed();

        List<HttpResponse<String>> answers =
                together(limit + 100, 64, i -> embed(GATEWAYS.get(i % gateways)));

        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsOnly(200, 429)
                .filteredOn(status -> status == 200)
                .hasSize(limit);
        await().until(() -> REGISTRY.quotas().figures(policy).used() == limit);
        assertThat(REGISTRY.quotas().figures(policy).reserved()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "IMAGES, 1, 1, 1",
        "IMAGES, 1, 100, 1",
        "IMAGES, 1, 7, 3",
        "IMAGES, 1, 100, 3",
        "AUDIO_MILLIS, 1250, 1, 1",
        "AUDIO_MILLIS, 1250, 30, 1",
        "AUDIO_MILLIS, 1250, 30, 3"
    })
    void labelsExactlyAsMuchAsTheLimitAllows(Unit unit, int each, int calls, int gateways) {
        boolean isAudio = unit == Unit.AUDIO_MILLIS;
        Task task = isAudio ? Task.AUDIO_CLASSIFICATION : Task.IMAGE_CLASSIFICATION;
        byte[] input = isAudio ? Wav.of(16_000, 2, 16 * each) : new byte[] {1, 2, 3};
        PLATFORM.replica(PLATFORM.model(acme, "labels", task).version(1), NODE);
        // What is left at the end is enough for no further one.
        PolicyId policy = PLATFORM.policy(acme, unit, Window.DAY, (long) calls * each + each - 1);
        key = PLATFORM.key(acme);
        awaitFeed();
        for (RunningGateway gateway : GATEWAYS) {
            await().until(() -> gateway.get("/v1/models/labels", key.text()).statusCode() == 200);
        }

        long answered =
                answeredUntilSpent(
                        calls + 100,
                        i ->
                                label(
                                        GATEWAYS.get(i % gateways),
                                        isAudio ? "audio/wav" : "image/png",
                                        input));

        assertThat(answered).isEqualTo(calls);
        await().until(() -> REGISTRY.quotas().figures(policy).used() == (long) calls * each);
        assertThat(REGISTRY.quotas().figures(policy).reserved()).isLessThan(each);
    }

    private static long answeredUntilSpent(int calls, Caller caller) {
        AtomicInteger answered = new AtomicInteger();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> {
                    List<HttpResponse<String>> answers = together(calls, 64, caller);
                    answered.addAndGet((int) answered(answers));
                    return answers.stream().allMatch(SharedQuotaIT::isSpent);
                });
        return answered.get();
    }

    private CompletableFuture<HttpResponse<String>> label(
            RunningGateway gateway, String type, byte[] input) {
        URI uri = URI.create(gateway.url() + "/v1/predict/labels");
        return gateway.sendAsync(
                gateway.request(uri, key.text())
                        .setHeader("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(input))
                        .build());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "100, 1", "7, 3", "100, 3"})
    void answersExactlyAsManyCallsAsTheBudgetPaysFor(int payable, int gateways) {
        // 2.5 millionths a call, which is 3; what is left at the end pays for no further one.
        Price price = PLATFORM.price(acme, "EUR", new UnitPrices(2_500_000L, null, null, null));
        PolicyId policy = PLATFORM.policy(acme, Unit.COST_MICROS, Window.DAY, 3L * payable + 2);
        key = PLATFORM.key(acme);
        awaitFeed();

        long answered = answeredUntilSpent(payable + 100, i -> embed(GATEWAYS.get(i % gateways)));

        assertThat(answered).isEqualTo(payable);
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 3L * payable);
        assertThat(REGISTRY.quotas().figures(policy).reserved()).isLessThanOrEqualTo(2);
        assertThat(cost(price)).isEqualTo(3L * payable);
    }

    @Test
    void neverOverspendsABudgetWithAnswersOfAllSizesThatAreCutOff() {
        long limit = 20_000;
        Price price =
                PLATFORM.price(
                        acme, "EUR", new UnitPrices(1_000_000L, 300_000L, 7_000_000L, 20_000L));
        PolicyId policy = PLATFORM.policy(acme, Unit.COST_MICROS, Window.MONTH, limit);
        key = PLATFORM.key(acme);
        awaitFeed();
        answersOfAllSizesThatAreCutOff(new Random(5));

        await().untilAsserted(() ->
                assertThat(REGISTRY.quotas().figures(policy).used()).isEqualTo(cost(price)));
        assertThat(cost(price)).isLessThanOrEqualTo(limit).isGreaterThan(limit / 2);
    }

    @Test
    void handsTheRemainderOverWhenAnotherGatewayNeedsIt() {
        PolicyId policy = PLATFORM.policy(acme, Unit.REQUESTS, Window.HOUR, 60);
        key = PLATFORM.key(acme);
        awaitFeed();
        List<HttpResponse<String>> first = together(30, 8, i -> embed(GATEWAYS.get(0)));

        List<HttpResponse<String>> second = together(40, 8, i -> embed(GATEWAYS.get(1)));

        assertThat(first).allMatch(answer -> answer.statusCode() == 200);
        assertThat(second).filteredOn(answer -> answer.statusCode() == 200).hasSize(30);
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 60);
    }

    @Test
    void neverOverspendsTokensWithStreamsThatAreCutOff() {
        long limit = 2_000;
        PolicyId policy = PLATFORM.policy(acme, Unit.OUTPUT_TOKENS, Window.DAY, limit);
        key = PLATFORM.key(acme);
        awaitFeed();
        answersOfAllSizesThatAreCutOff(new Random(7));

        await().untilAsserted(() ->
                assertThat(REGISTRY.quotas().figures(policy).used()).isEqualTo(generated()));
        assertThat(generated()).isLessThanOrEqualTo(limit).isGreaterThan(limit / 2);
    }

    /** Of which a call may need far more than it uses in the end. */
    @ParameterizedTest
    @CsvSource({"INPUT_TOKENS, 300", "TOKENS, 300", "COMPUTE_MILLIS, 500"})
    void usesNearlyAllOfALimitAndNeverMore(Unit unit, long limit) {
        NODE.script(Script.answer().using(new NodeUsage(3, 0, 20_000)));
        PolicyId policy = PLATFORM.policy(acme, unit, Window.DAY, limit);
        key = PLATFORM.key(acme);
        awaitFeed();

        long answered = answeredUntilSpent(100, i -> embed(GATEWAYS.get(i % 3)));

        assertThat(answered).isPositive();
        await().untilAsserted(() -> assertThat(used(unit)).isBetween(limit - 99, limit));
        await().until(() -> REGISTRY.quotas().figures(policy).used() == used(unit));
    }

    @Test
    void holdsConcurrencyTogetherAndLosesNoPermit() {
        PLATFORM.policy(acme, Unit.CONCURRENCY, Window.NONE, 9);
        key = PLATFORM.key(acme);
        awaitFeed();
        Random random = new Random(11);
        NODE.script(Script.answer().tokens(5, Duration.ofMillis(2)));
        NODE.forgetMost();
        try (ScheduledExecutorService aborts = Executors.newSingleThreadScheduledExecutor()) {
            List<HttpResponse<String>> answers =
                    together(
                            500,
                            24,
                            i -> {
                                CompletableFuture<HttpResponse<String>> call =
                                        chat(GATEWAYS.get(i % 3), 5);
                                if (i % 4 > 0) {
                                    aborts.schedule(
                                            () -> call.cancel(true),
                                            random.nextInt(30),
                                            TimeUnit.MILLISECONDS);
                                }
                                return call;
                            });
            assertThat(answers).isNotEmpty();
        }

        for (RunningGateway gateway : GATEWAYS) {
            await().until(() -> gateway.bean(Quotas.class).open() == 0);
        }
        await().until(() -> NODE.running() == 0);
        NODE.hold();
        List<CompletableFuture<HttpResponse<String>>> after =
                IntStream.range(0, 9).mapToObj(i -> chat(GATEWAYS.get(i % 3), 5)).toList();
        await().until(() -> NODE.running() == 9);
        HttpResponse<String> tooMany = embed(GATEWAYS.getFirst()).join();
        NODE.goOn();

        assertThat(after).allMatch(call -> call.join().statusCode() == 200);
        assertThat(tooMany.statusCode()).isEqualTo(429);
        assertThat(NODE.most()).as("calls that the node had at a time").isEqualTo(9);
    }

    /** Sliding windows, and buckets; a call uses 50 tokens of the 54 that it may. */
    @ParameterizedTest
    @CsvSource({
        "REQUESTS, SECOND, 50, 50",
        "REQUESTS, SECOND, 50, 20",
        "REQUESTS, MINUTE, 60, 60",
        "REQUESTS, MINUTE, 1200, 20",
        "TOKENS, SECOND, 1500, 1500",
        "TOKENS, MINUTE, 60000, 1000"
    })
    void keepsARateTogether(Unit unit, Window window, long amount, long burst) {
        NODE.script(Script.answer().using(new NodeUsage(50, 0, 1_000)));
        PLATFORM.policy(acme, PolicySubject.TENANT, unit, window, amount, burst, Mode.HARD);
        key = PLATFORM.key(acme);
        awaitFeed();

        List<HttpResponse<String>> answers = keepCalling(i -> embedLong(GATEWAYS.get(i % 3)));

        await().until(() -> ledger().count() == answered(answers));
        AdmittedCalls admitted =
                AdmittedCalls.of(ledger(), usage -> unit.used(usage.consumption(), null));
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 429);
        Duration length = Duration.ofSeconds(window == Window.SECOND ? 1 : 60);
        if (burst == amount) {
            assertKeepsToWindows(admitted, amount, length);
        } else {
            assertKeepsToBucket(admitted, burst, (double) amount / length.toSeconds());
        }
    }

    /** Wherever one begins; and most of what they allow is used. */
    private static void assertKeepsToWindows(AdmittedCalls admitted, long amount, Duration length) {
        double windows = Math.max(1, (double) CALLING.toMillis() / length.toMillis());

        assertThat(admitted.mostWithin(length)).isLessThanOrEqualTo(amount);
        assertThat((double) admitted.units()).isGreaterThanOrEqualTo(NEARLY_ALL * amount * windows);
    }

    /** In any stretch of time, but for a unit or a hundredth; and most of it is used. */
    private static void assertKeepsToBucket(AdmittedCalls admitted, long burst, double perSecond) {
        double inAll = burst + perSecond * CALLING.toMillis() / 1_000;

        assertThat(admitted.mostBeyond(seconds -> burst + perSecond * seconds))
                .isLessThanOrEqualTo(Math.max(1, burst / 100.0));
        assertThat((double) admitted.units()).isGreaterThanOrEqualTo(NEARLY_ALL * inAll);
    }

    /** More than any limit allows, but not all that the machine can. */
    private static List<HttpResponse<String>> keepCalling(Caller caller) {
        Semaphore slots = new Semaphore(AT_A_TIME);
        List<CompletableFuture<HttpResponse<String>>> all = new CopyOnWriteArrayList<>();
        try (ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor()) {
            pace.scheduleAtFixedRate(
                    () -> {
                        if (slots.tryAcquire()) {
                            CompletableFuture<HttpResponse<String>> call = caller.call(all.size());
                            call.whenComplete((answer, failure) -> slots.release());
                            all.add(call);
                        }
                    },
                    0,
                    3,
                    TimeUnit.MILLISECONDS);
            await().pollDelay(CALLING).until(() -> !all.isEmpty());
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 60, 400})
    void keepsAKeysOwnLimitTogether(int limit) {
        key = PLATFORM.key(acme, limit, List.of("inference:invoke"), List.of());
        awaitKey();

        long begin = System.nanoTime();

        List<HttpResponse<String>> answers = new ArrayList<>();
        await().atMost(Duration.ofSeconds(50))
                .until(() -> {
                    // Places may be on their way while a call is refused.
                    answers.addAll(together(limit + 50, 64, i -> embed(GATEWAYS.get(i % 3))));
                    return answered(answers) >= (long) (limit * 0.95);
                });
        answers.addAll(together(limit + 50, 64, i -> embed(GATEWAYS.get(i % 3))));

        long minutes = Duration.ofNanos(System.nanoTime() - begin).toMinutes() + 1;
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 429);
        assertThat(answered(answers)).isLessThanOrEqualTo(limit * minutes);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 429)
                .allSatisfy(answer -> {
                    assertThat(answer.body()).contains(limit + " requests per minute");
                    assertThat(answer.headers().firstValue("x-should-retry")).hasValue("true");
                    assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
                });
    }

    @Test
    void givesAKeyThatCallsOneOfThreeGatewaysNearlyItsWholeLimit() {
        key = PLATFORM.key(acme, 200, List.of("inference:invoke"), List.of());
        awaitKey();
        HttpResponse<String> first = embed(GATEWAYS.getFirst()).join();

        List<HttpResponse<String>> answers = together(250, 16, i -> embed(GATEWAYS.getFirst()));

        assertThat(first.headers().firstValue("x-ratelimit-limit-requests")).hasValue("200");
        assertThat(first.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("192");
        assertThat(1 + answered(answers)).isEqualTo(193);
        assertThat(answers.getLast().headers().firstValue("x-ratelimit-remaining-requests"))
                .hasValue("0");
    }

    @Test
    void refusesEveryCallOfAKeyWithALimitOfZero() {
        key = PLATFORM.key(acme, 0, List.of("inference:invoke"), List.of());
        awaitFeedOf(key);

        assertThat(GATEWAYS)
                .allSatisfy(
                        gateway -> assertThat(embed(gateway).join().statusCode()).isEqualTo(429));
    }

    @Test
    void goesOnWithWhatItHoldsOfAKeysLimitWhileTheRegistryIsAway() {
        key = PLATFORM.key(acme, 100, List.of("inference:invoke"), List.of());
        awaitKey();
        assertThat(answered(together(10, 1, i -> embed(GATEWAYS.getFirst())))).isEqualTo(10);

        REGISTRY.goDown();
        try {
            List<HttpResponse<String>> held = together(40, 4, i -> embed(GATEWAYS.getFirst()));
            List<HttpResponse<String>> elsewhere = together(5, 1, i -> embed(GATEWAYS.getLast()));

            assertThat(answered(held)).isEqualTo(40);
            assertThat(elsewhere).extracting(HttpResponse::statusCode).contains(200, 429);
        } finally {
            REGISTRY.comeBack();
        }
    }

    private static long answered(List<HttpResponse<String>> answers) {
        return answers.stream().filter(answer -> answer.statusCode() == 200).count();
    }

    private void awaitKey() {
        awaitFeedOf(key);
        for (RunningGateway gateway : GATEWAYS) {
            await().until(() -> gateway.bean(Membership.class).gateways() == 3);
        }
    }

    /** Without a request of it, which would count. */
    private static void awaitFeedOf(KeyFixture key) {
        for (RunningGateway gateway : GATEWAYS) {
            await().until(() -> gateway.bean(Feed.class).keys().find(key.id()) != null);
        }
    }

    /** Settled when this returns. */
    private void answersOfAllSizesThatAreCutOff(Random random) {
        NODE.script(Script.answer().tokens(40, Duration.ofMillis(1)));
        try (ScheduledExecutorService aborts = Executors.newSingleThreadScheduledExecutor()) {
            together(
                    200,
                    32,
                    i -> {
                        CompletableFuture<HttpResponse<String>> call =
                                chat(GATEWAYS.get(i % 3), 1 + random.nextInt(60));
                        if (random.nextInt(3) == 0) {
                            aborts.schedule(
                                    () -> call.cancel(true),
                                    random.nextInt(60),
                                    TimeUnit.MILLISECONDS);
                        }
                        return call;
                    });
        }
        for (RunningGateway gateway : GATEWAYS) {
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
        }
    }

    /**
     * Trying again is no use. While the gateways hold parts of the rest that pay for no call by
     * themselves, a call may be asked to try again, or find the registry too slow.
     */
    private static boolean isSpent(HttpResponse<String> answer) {
        return answer.statusCode() == 429
                && answer.headers().firstValue("x-should-retry").orElse("").equals("false");
    }

    private Stream<UsageRecord> ledger() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(acme.id()));
    }

    /** Of everything in the ledger, which was all opened at this price. */
    private long cost(Price price) {
        return ledger().peek(usage -> assertThat(usage.priceId()).isEqualTo(price.id()))
                .mapToLong(usage -> price.costMicros(usage.consumption()))
                .sum();
    }

    private long generated() {
        return used(Unit.OUTPUT_TOKENS);
    }

    private long used(Unit unit) {
        return ledger().mapToLong(usage -> unit.used(usage.consumption(), null)).sum();
    }

    private void awaitFeed() {
        for (RunningGateway gateway : GATEWAYS) {
            await().until(() ->
                    gateway.get("/v1/models/chat", key.text()).statusCode() == 200
                            && !gateway.bean(Feed.class).snapshot().policies(acme.id()).isEmpty());
        }
    }

    private interface Caller {
        CompletableFuture<HttpResponse<String>> call(int number);
    }

    /** Answers of all calls that were not cut off. */
    private static List<HttpResponse<String>> together(int calls, int atATime, Caller caller) {
        Semaphore slots = new Semaphore(atATime);
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            slots.acquireUninterruptibly();
            CompletableFuture<HttpResponse<String>> call = caller.call(i);
            call.whenComplete((answer, failure) -> slots.release());
            all.add(call);
        }
        slots.acquireUninterruptibly(atATime);
        return all.stream()
                .filter(call -> !call.isCompletedExceptionally())
                .map(CompletableFuture::join)
                .toList();
    }

    private CompletableFuture<HttpResponse<String>> embed(RunningGateway gateway) {
        return gateway.sendAsync(gateway.embedding(key));
    }

    private CompletableFuture<HttpResponse<String>> embedLong(RunningGateway gateway) {
        return gateway.sendAsync(
                gateway.postRequest(
                        "/v1/embeddings",
                        key.text(),
                        "{\"model\":\"words\",\"input\":\"" + "a".repeat(50) + "\"}"));
    }

    private CompletableFuture<HttpResponse<String>> chat(RunningGateway gateway, int maxTokens) {
        return gateway.sendAsync(gateway.chat(key, ",\"stream\":true,\"max_tokens\":" + maxTokens));
    }
}
