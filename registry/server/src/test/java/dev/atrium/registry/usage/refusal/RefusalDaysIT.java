package dev.atrium.registry.usage.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.leader.Leadership;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How days of refused calls come and go, on a database of its own. */
class RefusalDaysIT extends RegistryTest {
    private static final Instant NOW = Instant.now();
    private static final LocalDate TODAY = LocalDate.ofInstant(NOW, ZoneOffset.UTC);

    @Autowired Leadership leadership;

    @Test
    void dropsDaysThatAreNotKeptAnyMoreAndGivesWayToReaders() throws Exception {
        DataSource source = platformOf(freshDatabase("refusals"));
        JdbcClient platform = JdbcClient.create(source);
        MutableClock clock = new MutableClock(NOW);
        RefusalDays days =
                new RefusalDays(
                        leadership, platform, new RefusalProperties(Duration.ofDays(7)), clock);
        await().until(leadership::isLeader);
        days.ensureDaysAhead();
        days.ensure(Set.of(TODAY.minusDays(9), TODAY.minusDays(8), TODAY.minusDays(7)));

        try (Connection reader = source.getConnection()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM refused_call");
            days.dropOld();
            assertThat(partitions(platform)).contains("refused_call_" + day(9));
            reader.rollback();
        }
        days.dropOld();

        assertThat(partitions(platform))
                .contains(
                        "refused_call_" + day(8),
                        "refused_call_" + day(0),
                        "refused_call_" + day(-1),
                        "refused_unlisted_" + day(-2))
                .doesNotContain("refused_call_" + day(9), "refused_unlisted_" + day(9));
        assertThat(days.isKept(NOW.minus(Duration.ofDays(7)))).isTrue();
        assertThat(days.isKept(NOW.minus(Duration.ofDays(7)).minusMillis(1))).isFalse();
        assertThatThrownBy(() ->
                        platform.sql("SELECT refused_drop_partitions(?)")
                                .param(TODAY.plusDays(1))
                                .query(Integer.class)
                                .single())
                .hasStackTraceContaining("not over");
        assertThatThrownBy(() -> new RefusalProperties(Duration.ofHours(1)))
                .hasMessageContaining("retention must be 1d to 400d");
    }

    private static List<String> partitions(JdbcClient platform) {
        return platform.sql(
                        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid")
                .query(String.class)
                .list();
    }

    private static String day(int ago) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(TODAY.minusDays(ago));
    }
}
