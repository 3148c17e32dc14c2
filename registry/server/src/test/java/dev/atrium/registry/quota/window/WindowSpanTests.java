package dev.atrium.registry.quota.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowSpanTests {
    @ParameterizedTest
    @CsvSource({
        // Spring, autumn, a quiet day; midnight that does not exist; midnight that is there twice.
        "2026-03-29T12:00:00Z, Europe/Paris, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
        "2026-10-25T12:00:00Z, Europe/Paris, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        "2026-11-22T23:59:59Z, UTC, 2026-11-22T00:00:00Z, 2026-11-23T00:00:00Z",
        "2026-04-24T12:00:00Z, Africa/Cairo, 2026-04-23T22:00:00Z, 2026-04-24T21:00:00Z",
        "2026-11-01T04:30:00Z, America/Havana, 2026-11-01T04:00:00Z, 2026-11-02T05:00:00Z",
        "2026-11-01T05:30:00Z, America/Havana, 2026-11-01T04:00:00Z, 2026-11-02T05:00:00Z",
    })
    void aDayIsFromLocalMidnightToLocalMidnight(
            Instant at, ZoneId zone, Instant start, Instant end) {
        assertThat(WindowSpan.day(at, zone)).isEqualTo(new WindowSpan(start, end));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-28T23:30:00Z, UTC, 2026-02-01T00:00:00Z, 2026-03-01T00:00:00Z",
        "2028-02-29T12:00:00Z, UTC, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
        "2026-12-31T23:30:00Z, Asia/Tokyo, 2026-12-31T15:00:00Z, 2027-01-31T15:00:00Z",
        "2026-03-31T12:00:00Z, Europe/Paris, 2026-02-28T23:00:00Z, 2026-03-31T22:00:00Z",
    })
    void aMonthIsFromItsFirstMidnightToTheNext(
            Instant at, ZoneId zone, Instant start, Instant end) {
        assertThat(WindowSpan.month(at, zone)).isEqualTo(new WindowSpan(start, end));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T10:20:00Z, UTC, 2026-11-22T10:00:00Z, 2026-11-22T11:00:00Z",
        "2026-11-22T10:20:00Z, Asia/Kolkata, 2026-11-22T09:30:00Z, 2026-11-22T10:30:00Z",
        "2026-10-25T00:30:00Z, Europe/Paris, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z",
        "2026-10-25T01:30:00Z, Europe/Paris, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z",
    })
    void anHourIsOneOfTheWallClock(Instant at, ZoneId zone, Instant start, Instant end) {
        assertThat(WindowSpan.hour(at, zone)).isEqualTo(new WindowSpan(start, end));
    }

    @Test
    void windowsFollowEachOtherWithoutGapOverAYearOfAnyZone() {
        List<String> zones =
                List.of(
                        "UTC",
                        "Europe/Paris",
                        "America/New_York",
                        "Australia/Lord_Howe",
                        "Asia/Kathmandu",
                        "Africa/Cairo",
                        "America/Santiago");
        for (String name : zones) {
            ZoneId zone = ZoneId.of(name);
            Instant at = Instant.parse("2026-01-01T00:00:00Z");
            while (at.isBefore(Instant.parse("2027-01-01T00:00:00Z"))) {
                WindowSpan hour = WindowSpan.hour(at, zone);
                assertThat(hour.contains(at)).as("%s %s", name, at).isTrue();
                assertThat(Duration.between(hour.start(), hour.end()))
                        .isBetween(Duration.ofMinutes(30), Duration.ofHours(1));
                assertThat(WindowSpan.hour(hour.end(), zone).start()).isEqualTo(hour.end());
                assertThat(WindowSpan.day(at, zone).contains(at)).isTrue();
                assertThat(WindowSpan.month(at, zone).contains(at)).isTrue();
                at = hour.end();
            }
        }
    }

    @Test
    void theNextWindowBeginsWhereTheFormerEndsWhateverTheZoneIsNow() {
        Instant formerEnd = Instant.parse("2026-02-01T00:00:00Z");

        WindowSpan toTheWest =
                WindowSpan.month(formerEnd, ZoneId.of("America/Los_Angeles")).notBefore(formerEnd);
        WindowSpan toTheEast =
                WindowSpan.month(formerEnd, ZoneId.of("Asia/Tokyo")).notBefore(formerEnd);

        assertThat(toTheWest)
                .isEqualTo(new WindowSpan(formerEnd, Instant.parse("2026-02-01T08:00:00Z")));
        assertThat(toTheEast)
                .isEqualTo(new WindowSpan(formerEnd, Instant.parse("2026-02-28T15:00:00Z")));
    }
}
