package dev.atrium.registry.usage;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.of;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static dev.atrium.registry.usage.TestCalls.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.FreeUse;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.Reconciliation;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.registry.api.usage.UsageSums;
import dev.atrium.registry.machine.MachineCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Pictures and sound, from what gateways and nodes ship to prices, quotas and reports. */
class MediaIT extends LedgerTest {
    /** A millionth of a unit. */
    private static final long MICRO = 1_000_000;

    @Autowired MachineCredentials credentials;

    private final Instant at = Instant.now();
    private TestTenant acme;

    @BeforeEach
    void makeTenant() {
        acme = tenant("media");
    }

    @Test
    void sumsUpPicturesAndSoundInEveryReport() {
        ship(gateway(), List.of(call(new Media(1, 0)), call(new Media(2, 1_250)), call(null)));
        // Into sums that are there already.
        ship(gateway(), List.of(call(new Media(0, 1))));

        assertThat(sum(acme).media()).isEqualTo(new Media(3, 1_251));
        assertThat(csv(acme)).contains(",images,audio_seconds\r\n").endsWith(",3,1.251\r\n");
        assertThat(hour().media()).isEqualTo(new Media(3, 1_251));
    }

    /** A failed call has no pictures and is a call of its operation all the same. */
    @Test
    void tellsPicturesAndSpeechFromOtherPredictions() {
        ship(
                gateway(),
                List.of(
                        of(call(new Media(1, 0)), Operation.IMAGE_CLASSIFICATION),
                        of(call(null), Operation.IMAGE_CLASSIFICATION),
                        of(call(new Media(0, 1_500)), Operation.TRANSCRIPTION),
                        of(call(new Media(0, 700)), Operation.PREDICT),
                        of(call(null), Operation.PREDICT)));

        assertThat(sums(Operation.IMAGE_CLASSIFICATION))
                .extracting(UsageSum::calls, UsageSum::media)
                .containsExactly(tuple(2L, new Media(1, 0)));
        assertThat(sums(Operation.TRANSCRIPTION))
                .extracting(UsageSum::calls, UsageSum::media)
                .containsExactly(tuple(1L, new Media(0, 1_500)));
        assertThat(csv(acme, "groupBy=operation"))
                .contains("IMAGE_CLASSIFICATION,", "TRANSCRIPTION,", "PREDICT,");
        assertThat(sum(acme).media()).isEqualTo(new Media(1, 2_200));
    }

    /** As a gateway asks for the reports in the words of the OpenAI API. */
    private List<UsageSum> sums(Operation operation) {
        String gateway = credentials.issue(MemberRole.GATEWAY, UUID.randomUUID());
        Answer answer =
                internalHttp()
                        .get(
                                "/internal/v1/usage/sums?groupBy=day&zone=UTC&operation=%s&tenant=%s"
                                        .formatted(operation, acme.id()),
                                gateway);
        return answer.as(UsageSums.class).sums();
    }

    @Test
    void whatHadNeitherIsAbsentAndHashesAsBefore() {
        UsageRecord call = call(null);
        ship(gateway(), List.of(call));

        assertThat(sum(acme).media()).isNull();
        assertThat(hour().media()).isNull();
        assertThat(csv(acme)).endsWith(",0,0.000\r\n");
        assertThat(details(acme, call.callId()).settled().media()).isNull();
        assertThat(hashed(call.callId())).doesNotContain("images", "audio");
    }

    @Test
    void theLedgerHasThemAndHashesThem() {
        UsageRecord call = call(new Media(3, 4));
        ship(gateway(), List.of(call));

        assertThat(details(acme, call.callId()).settled().media()).isEqualTo(new Media(3, 4));
        assertThat(hashed(call.callId())).contains("\"images\": 3", "\"audio_millis\": 4");
    }

    @Test
    void aCallOfAKilledGatewayHasWhatItsNodeSays() {
        OpenCall call = open(acme.id(), Instant.now());
        ship(gateway(), List.of(), List.of(call));
        shipFromNode(
                node(), with(account(call, 1, Instant.now(), Outcome.OK, 0, 0), new Media(1, 7)));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> details(acme, call.callId()).settled() != null);

        assertThat(details(acme, call.callId()).settled().media()).isEqualTo(new Media(1, 7));
        assertThat(details(acme, call.callId()).attempts())
                .singleElement()
                .matches(attempt -> new Media(1, 7).equals(attempt.media()));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1, 0, 0", "1, 0, 2, 0, 1", "0, 5, 0, 6, 1", "0, 0, 0, 0, 0"})
    void tellsWhereLedgerAndNodesDiffer(
            long images, long audio, long nodeImages, long nodeAudio, int differing) {
        OpenCall call = open(acme.id(), Instant.now());
        ship(gateway(), List.of(with(settled(call, null, 0, 0), Media.of(images, audio))));
        shipFromNode(
                node(),
                with(
                        account(call, 1, Instant.now(), Outcome.OK, 0, 0),
                        Media.of(nodeImages, nodeAudio)));

        Reconciliation compared =
                http().get(
                                "/api/v1/admin/usage/reconciliation?versionId=" + call.versionId(),
                                operatorToken())
                        .as(Reconciliation.class);

        assertThat(compared.differing()).isEqualTo(differing);
        if (differing > 0) {
            assertThat(compared.differences().getFirst().node().media())
                    .isEqualTo(Media.of(nodeImages, nodeAudio));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1_000_000_001, Long.MAX_VALUE, Long.MIN_VALUE})
    void quarantinesNonsense(long count) {
        ShipUsageReply reply =
                ship(
                        gateway(),
                        List.of(
                                call(new Media(count, 0)),
                                call(new Media(0, count)),
                                call(new Media(1, 1))));

        assertThat(reply).isEqualTo(new ShipUsageReply(1, 0, 2));
        assertThat(sum(acme).media()).isEqualTo(new Media(1, 1));
    }

    @Test
    void aCallCostsItsPicturesAndItsSoundAndTheFirstOfAMonthMayBeFree() {
        PriceId price =
                price(
                        priceList(acme),
                        new UnitPrices(
                                null,
                                null,
                                null,
                                null,
                                2_000 * MICRO,
                                100_000L,
                                new FreeUnits(null, null, null, null, 3L, null)));
        UsageRecord first = call(price, new Media(2, 1_500));
        UsageRecord second = call(price, new Media(2, 0));
        ship(gateway(), List.of(first));
        ship(gateway(), List.of(second));

        // 2,000 a picture, 100 a second.
        assertThat(cost(first)).isEqualTo(new Cost(150, "EUR", 4_000L));
        assertThat(cost(second)).isEqualTo(new Cost(2_000, "EUR", 2_000L));
        assertThat(freeUse().used().images()).isEqualTo(3);
        assertThat(freeUse().used().audioMillis()).isZero();
        assertThat(focus(acme, "x_Images")).isEqualTo("4");
        assertThat(focus(acme, "x_AudioSeconds")).isEqualTo("1.500");
        assertThat(focus(acme, "BilledCost")).isEqualTo("0.002150");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prices\":{\"images\":-1}}",
                "{\"prices\":{\"audioMillis\":1000000000000001}}",
                "{\"prices\":{\"requests\":1,\"free\":{\"images\":5}}}",
                "{\"prices\":{\"audioMillis\":1,\"free\":{\"audioMillis\":0}}}"
            })
    void refusesWhatIsNoPrice(String wish) {
        Answer answer =
                http().post(prices(priceList(acme)), operatorToken(), Answer.JSON.readTree(wish));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"IMAGES, 2, 2", "AUDIO_MILLIS, 1500, 1500"})
    void aQuotaIsChargedByTheLedger(Unit unit, long amount, long used) {
        Policy policy = policy(unit);
        Charge charge = new Charge(policy.id(), at, unit, null, amount, amount, false);
        OpenCall call = open(acme.id(), at, List.of(charge));
        ship(gateway(), List.of(), List.of(call));
        shipFromNode(
                node(),
                with(account(call, 1, Instant.now(), Outcome.OK, 9, 9), new Media(2, 1_500)));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> details(acme, call.callId()).settled() != null);

        assertThat(details(acme, call.callId()).settled().charges())
                .extracting(Charge::charged)
                .containsExactly(used);
        assertThat(
                        platform.sql("SELECT used FROM quota_window WHERE policy_id = ?")
                                .param(policy.id().value())
                                .query(Long.class)
                                .single())
                .isEqualTo(used);
    }

    private Policy policy(Unit unit) {
        Answer made =
                http().post(
                                "/api/v1/quota-policies",
                                acme.ownerToken(),
                                Map.of(
                                        "name", "m", "unit", unit, "window", "DAY", "amount",
                                        10_000));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.as(Policy.class);
    }

    /** All in one hour. */
    private UsageRecord call(@Nullable Media media) {
        return with(settled(open(acme.id(), at), null, 0, 0), media);
    }

    private UsageRecord call(PriceId price, Media media) {
        return with(settled(open(acme.id(), at, List.of(), price), null, 0, 0), media);
    }

    private UsageBucket hour() {
        return List.of(
                        http().get("/api/v1/usage/hourly", acme.ownerToken())
                                .as(UsageBucket[].class))
                .getLast();
    }

    private @Nullable Cost cost(UsageRecord call) {
        return details(acme, call.callId()).settled().cost();
    }

    private FreeUse freeUse() {
        return http().get("/api/v1/prices/free-use", acme.ownerToken()).as(FreeUse[].class)[0];
    }
}
