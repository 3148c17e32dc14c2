package dev.atrium.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.feed.FeedApiKey;
import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPage;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FeedFollowerTests {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TenantId ACME = new TenantId(UUID.randomUUID());
    private static final String KEY = "abcdefgh01234567";

    private final UUID epoch = UUID.randomUUID();
    private final Feed feed =
            new Feed(
                    new FeedProperties(Duration.ofSeconds(60), Duration.ofSeconds(10)),
                    System::nanoTime);
    private final FeedFollower follower = new FeedFollower(feed);

    @BeforeEach
    void load() {
        follower.accept(new FeedPage(epoch, true, 1, false, List.of()), 0);
    }

    @Test
    void knowsAKeysLimitsBeforeItKnowsTheKey() {
        follower.accept(page(2, true, FeedKind.API_KEY, KEY, key()), 0);
        boolean isKnownEarly = feed.keys().find(KEY).isPresent();
        follower.accept(page(3, false, FeedKind.QUOTA_POLICY, "p", policy()), 0);

        assertThat(isKnownEarly).isFalse();
        assertThat(feed.keys().find(KEY)).isPresent();
        assertThat(feed.snapshot().policies(ACME).all()).hasSize(1);
    }

    @Test
    void forgetsAKeyAtOnceAndOneThatIsRevokedBeforeItIsKnown() {
        follower.accept(page(2, false, FeedKind.API_KEY, KEY, key()), 0);
        follower.accept(page(3, true, FeedKind.API_KEY, KEY, null), 0);
        boolean isStillKnown = feed.keys().find(KEY).isPresent();
        follower.accept(page(4, true, FeedKind.API_KEY, KEY, key()), 0);
        follower.accept(page(5, false, FeedKind.API_KEY, KEY, null), 0);

        assertThat(isStillKnown).isFalse();
        assertThat(feed.keys().find(KEY)).isEmpty();
    }

    private FeedPage page(
            long revision, boolean more, FeedKind kind, String id, @Nullable Object body) {
        return new FeedPage(
                epoch,
                false,
                revision,
                more,
                List.of(
                        new FeedEntry(
                                kind, id, revision, body == null ? null : JSON.valueToTree(body))));
    }

    private static FeedApiKey key() {
        return new FeedApiKey(
                KEY,
                ACME,
                new ProjectId(UUID.randomUUID()),
                "0".repeat(64),
                List.of("inference:invoke"),
                List.of(),
                60,
                null,
                null);
    }

    private static FeedPolicy policy() {
        return new FeedPolicy(
                new PolicyId(UUID.randomUUID()),
                ACME,
                "limit",
                new PolicySubject(null, KEY, null),
                Unit.TOKENS,
                Window.DAY,
                100,
                null,
                Mode.HARD,
                null);
    }
}
