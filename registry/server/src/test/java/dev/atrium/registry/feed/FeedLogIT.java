package dev.atrium.registry.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Full loads, deltas and trimming, three entries a page, on a database of its own. */
class FeedLogIT extends RegistryTest {
    private static final FeedProperties THREE_A_PAGE =
            new FeedProperties(
                    3, Duration.ofSeconds(25), Duration.ofSeconds(1), Duration.ofDays(1), 2);
    private static JdbcClient jdbc;
    private FeedLog feed;

    @BeforeAll
    static void makeDatabase() {
        jdbc = JdbcClient.create(platformOf(freshDatabase("feed_log")));
    }

    @BeforeEach
    void begin() {
        jdbc.sql("DELETE FROM feed_entry").update();
        jdbc.sql("UPDATE feed_state SET trimmed_below = 0").update();
        feed = new FeedLog(new JdbcFeedStore(jdbc, Answer.JSON), THREE_A_PAGE);
    }

    @Test
    void fullLoadComesInPagesAndIsFollowedByDeltas() {
        for (int i = 0; i < 7; i++) {
            publish("entry-" + i, "{}");
        }

        List<FeedPage> load = load();
        FeedPage nothing = next(load.getLast());
        publish("late", "{}");
        FeedPage delta = next(load.getLast());

        assertThat(load).hasSize(3);
        assertThat(load.getFirst().full()).isTrue();
        assertThat(load.get(1).full()).isFalse();
        assertThat(ids(load)).hasSize(7);
        assertThat(nothing.entries()).isEmpty();
        assertThat(delta.full()).isFalse();
        assertThat(delta.entries()).extracting(FeedEntry::id).containsExactly("late");
    }

    @Test
    void removalIsADeltaAndLeavesTheNextFullLoad() {
        publish("a", "{}");
        publish("b", "{}");
        FeedPage before = load().getLast();

        publish("a", null);

        FeedPage delta = next(before);
        assertThat(delta.entries()).hasSize(1);
        assertThat(delta.entries().getFirst().body()).isNull();
        assertThat(ids(load())).containsExactly("b");
    }

    @Test
    void whoSleptPastTrimmedRemovalsLoadsEverythingAgain() {
        for (int i = 0; i < 7; i++) {
            publish("entry-" + i, "{}");
        }
        FeedPage sleeper = load().getLast();
        publish("entry-0", null);
        FeedPage awake = next(sleeper);

        feed.trim(Instant.now().plusSeconds(60), Instant.EPOCH);

        assertThat(next(sleeper).full()).isTrue();
        assertThat(next(awake).full()).isFalse();
        // Pages of a load lie below the trimmed revisions and still go on to the end.
        List<FeedPage> load = load();
        assertThat(load).hasSize(2);
        assertThat(ids(load)).hasSize(6).doesNotContain("entry-0");
        assertThat(next(load.getLast()).full()).isFalse();
    }

    @Test
    void youngRemovalsAreKept() {
        publish("a", "{}");
        FeedPage before = load().getLast();
        publish("a", null);

        feed.trim(Instant.now().minus(Duration.ofHours(1)), Instant.EPOCH);

        assertThat(next(before).entries()).hasSize(1);
    }

    @Test
    void ofTooManyRemovalsTheOldestGoAndWhoIsBehindThemLoadsEverything() {
        for (int i = 0; i < 5; i++) {
            publish("entry-" + i, "{}");
        }
        FeedPage sleeper = load().getLast();
        publish("entry-0", null);
        publish("entry-1", null);
        FeedPage awake = next(sleeper);
        publish("entry-2", null);
        publish("entry-3", null);

        feed.trim(Instant.EPOCH, Instant.now().plusSeconds(60));

        assertThat(removals()).isEqualTo(2);
        assertThat(next(sleeper).full()).isTrue();
        assertThat(next(awake).full()).isFalse();
        assertThat(next(awake).entries())
                .extracting(FeedEntry::id)
                .containsExactly("entry-2", "entry-3");
    }

    @Test
    void youngRemovalsAreKeptHoweverManyTheyAre() {
        for (int i = 0; i < 5; i++) {
            publish("entry-" + i, null);
        }

        feed.trim(Instant.EPOCH, Instant.now().minus(Duration.ofMinutes(10)));

        assertThat(removals()).isEqualTo(5);
    }

    @Test
    void anotherEpochMeansAFullLoad() {
        publish("a", "{}");

        FeedPage page = feed.read(UUID.randomUUID(), 12_345);

        assertThat(page.full()).isTrue();
        assertThat(page.entries()).extracting(FeedEntry::id).containsExactly("a");
    }

    @Test
    void emptyLogIsLoadedOnceAndThenWaitedOn() {
        FeedPage first = feed.read(null, 0);
        FeedPage second = next(first);

        assertThat(first.full()).isTrue();
        assertThat(second.full()).isFalse();
    }

    private List<FeedPage> load() {
        List<FeedPage> pages = new ArrayList<>();
        pages.add(feed.read(null, 0));
        while (pages.getLast().more()) {
            pages.add(next(pages.getLast()));
        }
        return pages;
    }

    private FeedPage next(FeedPage page) {
        return feed.read(page.epoch(), page.revision());
    }

    private static long removals() {
        return jdbc.sql("SELECT count(*) FROM feed_entry WHERE body IS NULL")
                .query(Long.class)
                .single();
    }

    private static List<String> ids(List<FeedPage> pages) {
        return pages.stream().flatMap(page -> page.entries().stream()).map(FeedEntry::id).toList();
    }

    private static void publish(String id, String body) {
        jdbc.sql("SELECT feed_publish(ARRAY['TENANT'], ARRAY[?], ARRAY[?]::jsonb[])")
                .params(Arrays.asList(id, body))
                .query(Long.class)
                .single();
    }
}
