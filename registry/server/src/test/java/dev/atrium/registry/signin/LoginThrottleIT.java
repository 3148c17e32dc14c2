package dev.atrium.registry.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.SignInBrowser;
import dev.atrium.registry.TestTenant;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class LoginThrottleIT extends RegistryTest {
    private static final SignInProperties RULES =
            new SignInProperties(
                    5,
                    50,
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(15),
                    Duration.ofHours(1),
                    Duration.ofMinutes(15));

    private final MutableClock clock =
            new MutableClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    private final LoginThrottle throttle =
            new LoginThrottle(JdbcClient.create(platformOf(databaseUrl())), RULES, clock);

    @Test
    void attemptsMadeAtOnceCountLikeAttemptsOneAfterTheOther() throws Exception {
        String email = email();
        List<Future<Optional<Duration>>> attempts = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                attempts.add(threads.submit(() -> throttle.begin(email, "10.0.0.1-" + email)));
            }
        }

        int admitted = 0;
        for (Future<Optional<Duration>> attempt : attempts) {
            admitted += attempt.get().isEmpty() ? 1 : 0;
        }
        // Five are free; the sixth begins the first wait.
        assertThat(admitted).isEqualTo(6);
    }

    @Test
    void eachFurtherFailureDoublesTheWaitUpToTheLongest() {
        String email = email();
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            throttle.begin(email, address(email));
        }

        for (int i = 0; i < 12; i++) {
            assertThat(throttle.begin(email, address(email))).isEmpty();
            Duration wait = throttle.begin(email, address(email)).orElseThrow();
            waits.add(wait);
            clock.advance(wait);
        }

        assertThat(waits.subList(0, 4))
                .containsExactly(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(16));
        assertThat(waits).allMatch(wait -> wait.compareTo(RULES.longestWait()) <= 0);
    }

    @Test
    void successForgetsTheUsersFailures() {
        String email = email();
        for (int i = 0; i < 4; i++) {
            throttle.begin(email, address(email));
        }

        throttle.succeed(email, address(email));

        for (int i = 0; i < 6; i++) {
            assertThat(throttle.begin(email, address(email))).isEmpty();
        }
    }

    @Test
    void oneNetworkAddressCannotTryManyUsers() {
        String address = "10.9.9.9-" + UUID.randomUUID();
        for (int i = 0; i <= RULES.freeAttemptsPerAddress(); i++) {
            assertThat(throttle.begin(email(), address)).isEmpty();
        }

        assertThat(throttle.begin(email(), address)).isPresent();
    }

    @Test
    void knownAndUnknownUsersGetTheSameAnswers() {
        TestTenant acme = tenant("throttle");
        SignInBrowser known = browser();
        SignInBrowser unknown = browser();

        for (int attempt = 0; attempt < 6; attempt++) {
            Answer forKnown = known.login(acme.ownerEmail(), "wrong password");
            Answer forUnknown = unknown.login("nobody@" + acme.slug() + ".test", "wrong password");
            assertThat(forKnown.status()).isEqualTo(401);
            assertThat(forUnknown.status()).isEqualTo(401);
            assertThat(message(forUnknown)).isEqualTo(message(forKnown));
        }
        Answer blockedKnown = known.login(acme.ownerEmail(), TestTenant.PASSWORD);
        Answer blockedUnknown = unknown.login("nobody@" + acme.slug() + ".test", "x");

        assertThat(blockedKnown.status()).isEqualTo(429);
        assertThat(blockedUnknown.status()).isEqualTo(429);
        assertThat(Integer.parseInt(blockedKnown.header("Retry-After"))).isBetween(1, 2);
        assertThat(message(blockedKnown)).startsWith("Too many attempts");
    }

    private static String message(Answer page) {
        return page.text()
                .replaceAll("(?s).*<div class=\"error\" role=\"alert\">(.*?)</div>.*", "$1");
    }

    private static String email() {
        return UUID.randomUUID() + "@example.test";
    }

    private static String address(String email) {
        return "10.1.1.1-" + email;
    }
}
