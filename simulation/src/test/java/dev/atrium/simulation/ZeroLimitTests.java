package dev.atrium.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.feed.SimulatedFeed;
import dev.atrium.gateway.quota.Decision;
import dev.atrium.gateway.quota.Quotas;
import dev.atrium.gateway.quota.Reservation;
import dev.atrium.gateway.quota.SimulatedQuotas;
import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPage;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.usage.Media;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** A limit of 0 refuses every call, of every unit and window, without asking anybody. */
class ZeroLimitTests {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Caller CALLER =
            new Caller(
                    World.ACME,
                    "acme",
                    new ProjectId(new UUID(2, 3)),
                    PrincipalKind.API_KEY,
                    "key",
                    Set.of(),
                    Set.of(),
                    0,
                    null);

    static Stream<Arguments> limits() {
        return Stream.of(Unit.values())
                .flatMap(unit ->
                        Stream.of(Window.values())
                                .filter(window -> exists(unit, window))
                                .map(window -> Arguments.of(unit, window)));
    }

    private static boolean exists(Unit unit, Window window) {
        return switch (unit) {
            case CONCURRENCY -> window == Window.NONE;
            case COST_MICROS -> window.isQuota();
            // The registry alone keeps to it, see StorageQuotaIT.
            case STORED_BYTES -> false;
            default -> window != Window.NONE;
        };
    }

    @ParameterizedTest
    @MethodSource("limits")
    void refusesEveryCall(Unit unit, Window window) {
        SimulatedFeed feed = new SimulatedFeed(() -> 0);
        feed.accept(page(policy(unit, window)), 0);
        SimulatedQuotas quotas = new SimulatedQuotas(feed.feed(), () -> 0, World.RENEW, World.IDLE);

        Decision decision = decide(quotas.quotas()).block();

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> {
                            assertThat(refused.why()).isEqualTo(Decision.Why.SPENT);
                            assertThat(refused.standing().limit()).isZero();
                        });
        assertThat(quotas.open()).isZero();
    }

    private static Mono<Decision> decide(Quotas quotas) {
        Reservation call = quotas.begin(CALLER, World.MODEL, World.PRICE);
        TokenBounds bounds = new TokenBounds(10, 10, 20, new Media(1, 500));
        return quotas.admit(call, DEADLINE, Schedulers.immediate())
                .flatMap(decision ->
                        decision instanceof Decision.Granted
                                ? quotas.reserve(call, bounds, DEADLINE, Schedulers.immediate())
                                : Mono.just(decision))
                .doFinally(signal -> quotas.end(call));
    }

    private static FeedPolicy policy(Unit unit, Window window) {
        return new FeedPolicy(
                new PolicyId(new UUID(9, 1)),
                World.ACME,
                "nothing",
                PolicySubject.TENANT,
                unit,
                window,
                0,
                window.isRate() ? 1L : null,
                Mode.HARD,
                unit == Unit.COST_MICROS ? World.PRICE.currency() : null);
    }

    private static FeedPage page(FeedPolicy policy) {
        FeedEntry entry =
                new FeedEntry(
                        FeedKind.QUOTA_POLICY,
                        policy.id().toString(),
                        1,
                        JsonMapper.builder().build().valueToTree(policy));
        return new FeedPage(new UUID(7, 1), true, 1, false, List.of(entry));
    }
}
