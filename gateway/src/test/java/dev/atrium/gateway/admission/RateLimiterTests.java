package dev.atrium.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTests {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(123_456_789L);
    private final RateLimiter limiter = new RateLimiter(now::get);

    @Test
    void admitsExactlyTheLimitAndThenRejects() {
        Caller caller = caller("k", 60);

        long admitted = 0;
        for (int i = 0; i < 100; i++) {
            admitted += admit(caller) instanceof Admission.Admitted ? 1 : 0;
            now.addAndGet(50_000_000);
        }

        assertThat(admitted).isEqualTo(60);
    }

    @Test
    void saysWhenTheNextRequestWillBeAdmittedAndKeepsItsWord() {
        Caller caller = caller("k", 3);
        for (int i = 0; i < 3; i++) {
            admit(caller);
            now.addAndGet(10 * SECOND);
        }
        Admission.Rejected rejected = (Admission.Rejected) admit(caller);

        now.addAndGet(rejected.retryAfter().toNanos() - 1);
        Admission early = admit(caller);
        now.addAndGet(1);
        Admission onTime = admit(caller);

        assertThat(rejected.retryAfter()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
        assertThat(early).isInstanceOf(Admission.Rejected.class);
        assertThat(onTime).isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void neverAdmitsMoreThanTheLimitInAnySlidingMinute() {
        Random random = new Random(42);
        Caller caller = caller("k", 25);
        List<Long> admitted = new ArrayList<>();

        for (int i = 0; i < 20_000; i++) {
            if (admit(caller) instanceof Admission.Admitted) {
                admitted.add(now.get());
            }
            now.addAndGet((long) (random.nextDouble() * random.nextDouble() * 4 * SECOND));
        }

        for (int i = 25; i < admitted.size(); i++) {
            assertThat(admitted.get(i) - admitted.get(i - 25)).isGreaterThanOrEqualTo(60 * SECOND);
        }
        assertThat(admitted).hasSizeGreaterThan(5_000);
    }

    @Test
    void admitsNothingWithALimitOfZero() {
        Admission admission = admit(caller("k", 0));

        assertThat(admission).isInstanceOf(Admission.Rejected.class);
    }

    @Test
    void countsEachKeyAndEachTenantsPrincipalApart() {
        TenantId one = new TenantId(UUID.randomUUID());
        TenantId other = new TenantId(UUID.randomUUID());

        List<Admission> admissions =
                List.of(
                        admit(caller("a", 1)),
                        admit(caller("b", 1)),
                        admit(user(one, "u", 1)),
                        admit(user(other, "u", 1)));

        assertThat(admissions).allMatch(Admission.Admitted.class::isInstance);
        assertThat(admit(user(one, "u", 1))).isInstanceOf(Admission.Rejected.class);
    }

    @Test
    void tellsWhatIsLeft() {
        Caller caller = caller("k", 10);
        admit(caller);

        Admission.Admitted second = (Admission.Admitted) admit(caller);

        assertThat(second.limit()).isEqualTo(10);
        assertThat(second.remaining()).isEqualTo(8);
        assertThat(second.reset()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
    }

    @Test
    void countsExactlyUnderConcurrencyAndSweeping() throws Exception {
        Caller caller = caller("k", 1_000);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                counts.add(
                        threads.submit(() -> {
                            int admitted = 0;
                            for (int i = 0; i < 1_000; i++) {
                                admitted += admit(caller) instanceof Admission.Admitted ? 1 : 0;
                            }
                            return admitted;
                        }));
            }

            int admitted = 0;
            for (Future<Integer> count : counts) {
                admitted += count.get();
            }

            assertThat(admitted).isEqualTo(1_000);
        }
    }

    private Admission admit(Caller caller) {
        return limiter.admit(caller, caller.requestsPerMinute());
    }

    private static Caller caller(String key, int perMinute) {
        return new Caller(
                new TenantId(UUID.randomUUID()),
                "acme",
                new ProjectId(UUID.randomUUID()),
                PrincipalKind.API_KEY,
                key,
                Set.of(),
                Set.of(),
                perMinute,
                null);
    }

    private static Caller user(TenantId tenant, String user, int perMinute) {
        return new Caller(
                tenant,
                "acme",
                new ProjectId(UUID.randomUUID()),
                PrincipalKind.USER,
                user,
                Set.of(),
                Set.of(),
                perMinute,
                null);
    }
}
