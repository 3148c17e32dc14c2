package dev.atrium.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallIdsTests {
    @Test
    void makesVersionSevenIdsThatCarryTheirTime() {
        Instant now = Instant.parse("2026-11-22T10:11:12.345Z");

        UUID id = new CallIds(Clock.fixed(now, ZoneOffset.UTC)).next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
    }

    @Test
    void neverRepeatsItselfWithinOneMillisecond() {
        CallIds ids = new CallIds(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        Set<UUID> seen = new HashSet<>();

        for (int i = 0; i < 100_000; i++) {
            seen.add(ids.next());
        }

        assertThat(seen).hasSize(100_000);
    }
}
