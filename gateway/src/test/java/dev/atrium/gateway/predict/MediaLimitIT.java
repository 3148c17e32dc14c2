package dev.atrium.gateway.predict;

import static dev.atrium.gateway.testing.OpenAiAnswers.assertError;
import static dev.atrium.gateway.testing.OpenAiAnswers.booked;
import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static dev.atrium.gateway.testing.SharedGateway.assertNothingIsLeft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.Wav;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits of pictures and of sound in each mode: each kind of call counts for its own alone. */
class MediaLimitIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] PICTURE = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, (byte) 0xFF};
    private static final byte[] RECORDING = Wav.of(16_000, 2, 20_000);

    private TenantFixture acme;
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        PLATFORM.replica(
                PLATFORM.model(acme, "pets", Task.IMAGE_CLASSIFICATION).version(1), NODE_A);
        PLATFORM.replica(
                PLATFORM.model(acme, "sounds", Task.AUDIO_CLASSIFICATION).version(1), NODE_A);
        key = PLATFORM.key(acme);
        await().atMost(PATIENCE)
                .until(() ->
                        GATEWAY.get("/v1/models/pets", key.text()).statusCode() == 200
                                && GATEWAY.get("/v1/models/sounds", key.text()).statusCode()
                                        == 200);
    }

    @AfterEach
    void nothingIsBrokenOrLeft() {
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({"IMAGES, 2, 4", "AUDIO_MILLIS, 2500, 5000"})
    void countsWhatADryRunWouldHaveRefused(Unit unit, long amount, long used) {
        PolicyId policy = policy(unit, amount, Mode.DRY_RUN);

        List<HttpResponse<String>> counted = calls(unit);
        HttpResponse<String> other = call(unit == Unit.IMAGES ? Unit.AUDIO_MILLIS : Unit.IMAGES);

        assertThat(counted).extracting(HttpResponse::statusCode).containsOnly(200);
        await().atMost(PATIENCE).until(() -> REGISTRY.quotas().figures(policy).used() == used);
        assertThat(charges(counted)).filteredOn(Charge::refused).hasSize(2);
        assertThat(charges(counted)).filteredOn(charge -> charge.leaseId() != null).hasSize(2);
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(booked(other).charges()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"IMAGES, 0, 4", "IMAGES, 2, 4", "AUDIO_MILLIS, 0, 5000", "AUDIO_MILLIS, 9, 5000"})
    void onlyListsWhatASoftLimitCounts(Unit unit, long amount, long used) {
        PolicyId policy = policy(unit, amount, Mode.SOFT);

        List<HttpResponse<String>> counted = calls(unit);
        HttpResponse<String> other = call(unit == Unit.IMAGES ? Unit.AUDIO_MILLIS : Unit.IMAGES);

        assertThat(counted).extracting(HttpResponse::statusCode).containsOnly(200);
        await().atMost(PATIENCE).until(() -> REGISTRY.quotas().figures(policy).used() == used);
        assertThat(charges(counted))
                .hasSize(4)
                .allMatch(charge -> charge.leaseId() == null && !charge.refused());
        assertThat(booked(other).charges()).allMatch(charge -> charge.charged() == 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"IMAGES", "AUDIO_MILLIS"})
    void aHardLimitOfZeroRefusesItsOwnKindOfCallsAlone(Unit unit) {
        policy(unit, 0, Mode.HARD);

        HttpResponse<String> refused = call(unit);
        HttpResponse<String> other = call(unit == Unit.IMAGES ? Unit.AUDIO_MILLIS : Unit.IMAGES);

        assertError(refused, 429, "insufficient_quota", "'test'");
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(other.statusCode()).as(other.body()).isEqualTo(200);
    }

    private PolicyId policy(Unit unit, long amount, Mode mode) {
        PolicyId policy =
                PLATFORM.policy(acme, PolicySubject.TENANT, unit, Window.DAY, amount, null, mode);
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/limits", key.text()).body().contains(unit.name()));
        return policy;
    }

    private static List<Charge> charges(List<HttpResponse<String>> answers) {
        return answers.stream().flatMap(answer -> booked(answer).charges().stream()).toList();
    }

    private List<HttpResponse<String>> calls(Unit unit) {
        return IntStream.range(0, 4).mapToObj(i -> call(unit)).toList();
    }

    private HttpResponse<String> call(Unit unit) {
        boolean isPicture = unit == Unit.IMAGES;
        URI uri = URI.create(GATEWAY.url() + "/v1/predict/" + (isPicture ? "pets" : "sounds"));
        return GATEWAY.send(
                GATEWAY.request(uri, key.text())
                        .setHeader("Content-Type", isPicture ? "image/png" : "audio/wav")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        isPicture ? PICTURE : RECORDING))
                        .build());
    }
}
