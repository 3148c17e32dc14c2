package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.charged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Limits of pictures and of sound in each mode, as owners make them and as they then stand. */
class MediaLimitIT extends QuotaTest {
    private TestTenant acme;

    @BeforeEach
    void makeTenant() {
        acme = tenant("media");
    }

    @ParameterizedTest
    @CsvSource({"IMAGES, 10", "AUDIO_MILLIS, 10000"})
    void aSoftLimitTellsPeopleAndGoesOnCounting(Unit unit, long amount) {
        PolicyId policy = policy(acme, unit, Window.DAY, amount, Map.of("mode", Mode.SOFT));
        TestGateway gateway = gateway();

        ship(gateway, new Charge(policy, Instant.now(), unit, null, 0, amount * 8 / 10, false));
        List<Integer> warned = thresholds();
        ship(gateway, new Charge(policy, Instant.now(), unit, null, 0, amount, false));

        assertThat(warned).containsExactly(80);
        assertThat(thresholds()).containsExactly(100, 80);
        assertThat(standing())
                .satisfies(status -> {
                    assertThat(status.used()).isEqualTo(amount * 18 / 10);
                    assertThat(status.left()).isZero();
                    assertThat(status.refused()).isZero();
                    assertThat(status.percent()).isEqualTo(180);
                });
    }

    @ParameterizedTest
    @CsvSource({"IMAGES, 10", "AUDIO_MILLIS, 10000"})
    void aDryRunGrantsWhatThereIsAndCountsWhatItWouldHaveRefused(Unit unit, long amount) {
        PolicyId policy = policy(acme, unit, Window.DAY, amount, Map.of("mode", Mode.DRY_RUN));
        TestGateway gateway = gateway();

        LeaseState held = gateway.ask(policy, 1, amount);
        LeaseState spent = gateway.ask(policy, 1, 1);
        ship(
                gateway,
                new Charge(
                        policy, held.windowStart(), unit, held.leaseId(), amount, amount, false));
        ship(gateway, new Charge(policy, held.windowStart(), unit, null, 0, amount / 2, true));
        gateway.send(new LeaseWish(policy, held.windowStart(), held.leaseId(), 0, 0, 0, 1));

        assertThat(held.amount()).isEqualTo(amount);
        assertThat(spent.amount()).isEqualTo(amount);
        assertThat(standing())
                .satisfies(status -> {
                    assertThat(status.policy().mode()).isEqualTo(Mode.DRY_RUN);
                    assertThat(status.used()).isEqualTo(amount * 3 / 2);
                    assertThat(status.reserved()).isZero();
                    assertThat(status.refused()).isEqualTo(1);
                });
        assertSumsAgree(policy);
    }

    private void ship(TestGateway gateway, Charge charge) {
        assertThat(gateway.ship(charged(acme.id(), List.of(charge))).inserted()).isEqualTo(1);
    }

    /** The newest first. */
    private List<Integer> thresholds() {
        JsonNode items =
                http().get("/api/v1/quota-policies/events", acme.ownerToken()).json().path("items");
        return Arrays.stream(Answer.JSON.treeToValue(items, QuotaEvent[].class))
                .map(QuotaEvent::threshold)
                .toList();
    }

    private PolicyStatus standing() {
        JsonNode items =
                http().get("/api/v1/quota-policies/status", acme.ownerToken()).json().path("items");
        assertThat(items).hasSize(1);
        return Answer.JSON.treeToValue(items.get(0), PolicyStatus.class);
    }
}
