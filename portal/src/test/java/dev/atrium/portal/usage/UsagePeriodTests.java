package dev.atrium.portal.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.portal.usage.UsagePeriod.Column;
import dev.atrium.registry.api.usage.UsageBucket;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class UsagePeriodTests {
    private static final Instant NOW = Instant.parse("2026-03-29T10:20:00Z");

    @Test
    void hasAColumnForEveryHourEvenWithoutCalls() {
        List<Column> columns =
                UsagePeriod.DAY.columns(
                        List.of(bucket("2026-03-29T08:00:00Z", 5, 1)), NOW, ZoneOffset.UTC);

        assertThat(columns).hasSize(24);
        assertThat(columns.getFirst().begin()).isEqualTo("2026-03-28T11:00:00Z");
        assertThat(columns.getLast().begin()).isEqualTo("2026-03-29T10:00:00Z");
        assertThat(columns).filteredOn(column -> column.calls() > 0).hasSize(1);
    }

    @Test
    void addsTheHoursOfALocalDayUp() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        List<Column> columns =
                UsagePeriod.WEEK.columns(
                        List.of(
                                bucket("2026-03-27T22:00:00Z", 2, 0),
                                bucket("2026-03-27T23:00:00Z", 3, 1),
                                bucket("2026-03-28T12:00:00Z", 4, 0)),
                        NOW,
                        berlin);

        assertThat(columns).extracting(Column::calls).endsWith(2L, 7L, 0L);
    }

    @Test
    void labelsHoursInTheReadersZone() {
        Column column = new Column(Instant.parse("2026-03-29T08:00:00Z"), 1, 0);

        assertThat(UsagePeriod.DAY.label(column, ZoneId.of("Asia/Shanghai"), Locale.ENGLISH))
                .isEqualTo("16:00");
        assertThat(UsagePeriod.DAY.span(column, ZoneOffset.UTC, Locale.ENGLISH))
                .isEqualTo("08:00–09:00");
    }

    @Test
    void addsGroupsUpTheBusiestFirst() {
        UsageBucket one = new UsageBucket(NOW, "a", 1, 0, 10, 20, 1000, List.of(), null, null);
        UsageBucket two = new UsageBucket(NOW, "b", 5, 2, 1, 2, 2000, List.of(), null, null);
        UsageBucket three =
                new UsageBucket(
                        NOW.minusSeconds(3600), "a", 1, 1, 5, 5, 500, List.of(), null, null);

        List<UsageTotal> totals = UsageTotal.byGroup(List.of(one, two, three));

        assertThat(totals).extracting(UsageTotal::group).containsExactly("b", "a");
        assertThat(totals.getLast().inputTokens()).isEqualTo(15);
        assertThat(totals.getLast().compute()).isEqualTo(java.time.Duration.ofNanos(1_500_000));
    }

    private static UsageBucket bucket(String hour, long calls, long failed) {
        return new UsageBucket(
                Instant.parse(hour), null, calls, failed, 0, 0, 0, List.of(), null, null);
    }
}
