package dev.atrium.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplicaHealthTests {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    private final ReplicaHealth health =
            new ReplicaHealth(
                    new RoutingProperties(
                            3, Duration.ofSeconds(1), Duration.ofSeconds(30), 3, 0.1, 10));

    /** Not zero: nanoseconds may begin anywhere, and wrap. */
    private long now = Long.MAX_VALUE - 2 * SECOND;

    @Test
    void isLeftOutAfterFailuresInARow() {
        failNow(2);
        boolean afterTwo = health.isAvailable(now);
        failNow(1);

        assertThat(afterTwo).isTrue();
        assertThat(health.isAvailable(now)).isFalse();
        assertThat(health.tryBegin(now)).isFalse();
    }

    @Test
    void countsOnlyFailuresWithoutASuccessBetweenThem() {
        failNow(2);
        health.succeeded();
        failNow(2);

        assertThat(health.isAvailable(now)).isTrue();
    }

    @Test
    void isProbedByOneCallWhenTheEjectionIsOver() {
        failNow(3);
        now += SECOND;

        boolean probe = health.tryBegin(now);
        boolean another = health.tryBegin(now);

        assertThat(probe).isTrue();
        assertThat(another).isFalse();
        assertThat(health.isAvailable(now)).isFalse();
    }

    @Test
    void comesBackAfterASuccessfulProbe() {
        failNow(3);
        now += SECOND;
        health.tryBegin(now);

        health.end();
        health.succeeded();

        assertThat(health.tryBegin(now)).isTrue();
        assertThat(health.tryBegin(now)).isTrue();
    }

    @Test
    void isLeftOutTwiceAsLongAfterEachProbeThatFails() {
        failNow(3);
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            assertThat(health.isAvailable(now + seconds * SECOND - MILLI)).isFalse();
            now += seconds * SECOND;
            assertThat(health.tryBegin(now)).isTrue();
            health.end();
            health.failed(now, now);
        }
    }

    @Test
    void isProbedAgainWhenAProbeTellsNothing() {
        failNow(3);
        now += SECOND;
        health.tryBegin(now);
        now += SECOND;

        assertThat(health.tryBegin(now)).isTrue();
    }

    @Test
    void isProbedThoughAnOldCallStillHangs() {
        health.tryBegin(now);
        failNow(3);
        now += SECOND;

        assertThat(health.inFlight()).isOne();
        assertThat(health.tryBegin(now)).isTrue();
    }

    @Test
    void countsOneIncidentOnceHoweverManyCallsItHits() {
        failNow(200);
        health.failed(now, now + SECOND / 2);

        assertThat(health.isAvailable(now + SECOND)).isTrue();
    }

    private void failNow(int calls) {
        for (int i = 0; i < calls; i++) {
            health.failed(now, now);
        }
    }
}
