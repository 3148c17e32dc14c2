package dev.atrium.registry.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.secret.MasterKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rotation over simulated months, on a database of its own. */
class SigningKeysIT extends RegistryTest {
    private static JdbcClient jdbc;
    @Autowired MasterKey masterKey;
    private MutableClock clock;

    @BeforeAll
    static void makeDatabase() {
        jdbc = JdbcClient.create(platformOf(freshDatabase("signing_keys")));
    }

    @BeforeEach
    void begin() {
        jdbc.sql("DELETE FROM signing_key").update();
        clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void survivesARestartAndIsTheSameAtEveryRegistry() {
        SigningKeys first = registry();
        String kid = first.signing().getKeyID();

        SigningKeys restarted = registry();

        assertThat(restarted.signing().getKeyID()).isEqualTo(kid);
        assertThat(kids(restarted)).containsExactly(kid);
    }

    @Test
    void nextKeyIsPublishedBeforeItSignsAndTheOldOneVerifiesAfterwards() {
        SigningKeys keys = registry();
        String old = keys.signing().getKeyID();

        clock.advance(Duration.ofDays(29).plusMinutes(1));
        keys.rotate();
        List<String> published = kids(keys);
        String signingMeanwhile = keys.signing().getKeyID();
        clock.advance(Duration.ofDays(1));
        keys.rotate();
        String next = keys.signing().getKeyID();
        List<String> overlapping = kids(keys);
        clock.advance(Duration.ofHours(2));
        keys.rotate();

        assertThat(published).hasSize(2).contains(old);
        assertThat(signingMeanwhile).isEqualTo(old);
        assertThat(next).isNotEqualTo(old);
        assertThat(published).contains(next);
        assertThat(overlapping).containsExactlyInAnyOrder(old, next);
        assertThat(kids(keys)).containsExactly(next);
    }

    @Test
    void neverPublishesNothingWhileTheFirstKeyIsMade() throws Exception {
        SigningKeys keys = registry();
        CyclicBarrier together = new CyclicBarrier(16);
        List<Callable<Integer>> readers =
                Collections.nCopies(
                        16,
                        () -> {
                            together.await();
                            return keys.published().size();
                        });

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> published : threads.invokeAll(readers)) {
                assertThat(published.get()).isPositive();
            }
        }
    }

    @Test
    void longSleepIsNoProblem() {
        String old = registry().signing().getKeyID();

        clock.advance(Duration.ofDays(400));
        SigningKeys woken = registry();

        assertThat(woken.signing().getKeyID()).isNotEqualTo(old);
        assertThat(kids(woken)).doesNotContain(old);
    }

    @Test
    void databaseHoldsNoPrivateKeyInTheClear() {
        registry().signing();

        String row =
                jdbc.sql("SELECT public_jwk || encode(private_jwk, 'escape') FROM signing_key")
                        .query(String.class)
                        .single();

        assertThat(row).contains("\"n\"").doesNotContain("\"d\"", "\"p\"", "\"qi\"");
    }

    @Test
    void onlyPublicPartsArePublished() {
        assertThat(registry().published().getKeys()).noneMatch(JWK::isPrivate);
        assertThat(internalHttp().get("/internal/v1/jwks").text())
                .contains("\"kid\"")
                .doesNotContain("\"d\"");
        assertThat(http().get("/oauth2/jwks").json())
                .isEqualTo(internalHttp().get("/internal/v1/jwks").json());
    }

    private SigningKeys registry() {
        AuthorizationProperties properties =
                new AuthorizationProperties(
                        null,
                        null,
                        Duration.ofMinutes(10),
                        Duration.ofHours(12),
                        Duration.ofMinutes(2),
                        Duration.ofDays(30),
                        Duration.ofDays(1),
                        Duration.ofHours(1));
        return new SigningKeys(new SigningKeyStore(jdbc, masterKey, properties), clock);
    }

    private static List<String> kids(SigningKeys keys) {
        return keys.published().getKeys().stream().map(JWK::getKeyID).toList();
    }
}
