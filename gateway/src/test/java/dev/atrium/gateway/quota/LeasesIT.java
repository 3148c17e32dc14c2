package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.feed.TestFeed;
import dev.atrium.gateway.metering.ShippedJournal;
import dev.atrium.gateway.registry.JoinedGateway;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** What gateways and their registry say to each other of leases, over real HTTP. */
class LeasesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    private final FakeRegistry registry = new FakeRegistry();
    private final List<Gateway> gateways = new ArrayList<>();

    /** The part of a gateway that counts. */
    private final class Gateway implements AutoCloseable {
        private final JoinedGateway joined;
        private final ShippedJournal journal;
        private final TestFeed feed = new TestFeed(System::nanoTime);
        private final LeaseBook book;
        private final Leases leases;
        private final Quotas quotas;

        Gateway(int number) {
            QuotaProperties properties =
                    new QuotaProperties(
                            PATIENCE,
                            100,
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(600),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(1),
                            Duration.ofMillis(100),
                            Duration.ofSeconds(1));
            joined = JoinedGateway.of(registry, folder.resolve("data" + number));
            journal = new ShippedJournal(joined, folder.resolve("journal" + number));
            book = new LeaseBook(properties);
            leases =
                    new Leases(
                            properties,
                            joined.client(),
                            joined.membership(),
                            journal.journal(),
                            book,
                            System::nanoTime);
            quotas = new Quotas(properties, feed.feed(), book, leases, System::nanoTime);
            leases.start();
            gateways.add(this);
        }

        Decision reserve(Reservation call) {
            return quotas.reserve(
                            call,
                            TokenBounds.ofInput(10),
                            Duration.ofSeconds(3),
                            Schedulers.parallel())
                    .block(PATIENCE.plusSeconds(10));
        }

        Reservation begin() {
            return quotas.begin(caller(), new ModelName("acme", "m"), null);
        }

        @Override
        public void close() {
            leases.stop();
            journal.close();
            joined.close();
        }
    }

    @AfterEach
    void close() {
        gateways.stream().filter(gateway -> gateway.leases.isRunning()).forEach(Gateway::close);
        registry.close();
    }

    @Test
    void asksForACallThatWaitsAndLetsItGoOn() {
        Gateway gateway = new Gateway(1);
        FeedPolicy policy = put(100, gateway);

        Decision decision = gateway.reserve(gateway.begin());

        assertThat(decision).isEqualTo(Decision.GRANTED);
        assertThat(registry.quotas().figures(policy.id()).reserved()).isEqualTo(10);
        assertThat(gateway.leases.isRunning()).isTrue();
    }

    @Test
    void givesEverythingBackWhenItStops() {
        Gateway gateway = new Gateway(1);
        FeedPolicy policy = put(100, gateway);
        Reservation call = gateway.begin();
        gateway.reserve(call);
        gateway.quotas.end(call);

        gateway.close();

        assertThat(registry.quotas().figures(policy.id()).reserved()).isZero();
        assertThat(gateway.leases.isRunning()).isFalse();
    }

    @Test
    void isGivenWhatAnotherHasAndDoesNotNeed() {
        Gateway one = new Gateway(1);
        Gateway other = new Gateway(2);
        FeedPolicy policy = put(10, one, other);
        Reservation call = one.begin();
        one.reserve(call);
        // It heard of recalls before, so it gives back what is recalled and not just everything.
        await().until(() -> !registry.quotas().requests().isEmpty());
        one.quotas.end(call);

        Decision decision = other.reserve(other.begin());

        assertThat(decision).isEqualTo(Decision.GRANTED);
        assertThat(registry.quotas().figures(policy.id()).reserved()).isEqualTo(10);
        assertThat(registry.quotas().broken()).isNull();
    }

    @Test
    void saysThatFormerLivesAreShippedThoughNobodyCalls() {
        new Gateway(1);

        await().until(() ->
                registry.quotas().requests().stream().anyMatch(LeaseRequest::formerLivesShipped));
        assertThat(registry.quotas().requests())
                .allMatch(request -> request.wishes().isEmpty())
                .hasSize(1);
    }

    @Test
    void saysWhoItIs() {
        Gateway gateway = new Gateway(1);

        await().until(() -> !registry.quotas().requests().isEmpty());

        assertThat(registry.quotas().requests().getFirst().incarnation())
                .isEqualTo(gateway.joined.membership().incarnation());
    }

    @Test
    void letsACallKnowThatNobodyAnswersAndRecovers() {
        Gateway gateway = new Gateway(1);
        put(100, gateway);
        registry.goDown();

        Decision away = gateway.reserve(gateway.begin());
        registry.comeBack();

        assertThat(away).isInstanceOf(Decision.Unreachable.class);
        await().until(() -> gateway.reserve(gateway.begin()) == Decision.GRANTED);
    }

    @Test
    void asksWherePoliciesStandWhenSomebodyLooksInQuestionsOfABoundedSize() {
        Gateway gateway = new Gateway(1);
        List<FeedPolicy> policies = new ArrayList<>();
        for (int i = 0; i < LeaseBook.MOST_WISHES + 100; i++) {
            policies.add(put(7, gateway));
        }

        List<Standing> standings =
                gateway.quotas.standings(caller(), Schedulers.parallel()).block(PATIENCE);

        assertThat(standings).hasSameSizeAs(policies).allMatch(Standing::isKnown);
        assertThat(registry.quotas().requests())
                .allMatch(request -> request.wishes().size() <= LeaseBook.MOST_WISHES);
    }

    @Test
    void tellsWhatIsKnownHereWhenNobodyAnswers() {
        Gateway gateway = new Gateway(1);
        put(7, gateway);
        registry.goDown();

        List<Standing> standings =
                gateway.quotas.standings(caller(), Schedulers.parallel()).block(PATIENCE);

        assertThat(standings).extracting(Standing::isKnown).containsExactly(false);
    }

    private FeedPolicy put(long amount, Gateway... known) {
        FeedPolicy policy = TestPolicies.hard(Unit.TOKENS, Window.HOUR, amount);
        registry.put(FeedKind.QUOTA_POLICY, policy.id().toString(), policy);
        for (Gateway gateway : known) {
            gateway.feed.put(FeedKind.QUOTA_POLICY, policy.id().toString(), policy);
        }
        return policy;
    }

    private static Caller caller() {
        return new Caller(
                TENANT,
                "acme",
                new ProjectId(new UUID(0, 1)),
                PrincipalKind.API_KEY,
                "key",
                Set.of(),
                Set.of(),
                0,
                null);
    }
}
