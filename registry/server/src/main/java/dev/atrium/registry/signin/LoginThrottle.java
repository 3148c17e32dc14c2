package dev.atrium.registry.signin;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes guessing slow: after a number of free failures each further one doubles the wait, per
 * address of the user and per network address.
 *
 * <p>An attempt counts as a failure from its beginning, in one atomic statement, and is taken back
 * when it succeeds; so attempts made at once, also at several registries, count like attempts made
 * one after the other. An unknown user is counted like a known one.
 */
@Component
class LoginThrottle {
    private final JdbcClient jdbc;
    private final SignInProperties properties;
    private final Clock clock;

    LoginThrottle(
            @Qualifier("platformJdbc") JdbcClient jdbc, SignInProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
    }

    /** Begins an attempt; a value is how long to wait before one is taken again. */
    @Transactional("platformTransactionManager")
    public Optional<Duration> begin(String email, String address) {
        Optional<Duration> wait = begin(ofAddress(address), properties.freeAttemptsPerAddress());
        return wait.isPresent() ? wait : begin(ofUser(email), properties.freeAttemptsPerUser());
    }

    private Optional<Duration> begin(String subject, int free) {
        Instant now = clock.instant();
        Timestamp at = Timestamp.from(now);
        Timestamp forgotten = Timestamp.from(now.minus(properties.forgetAfter()));
        List<Instant> blocked =
                jdbc.sql(
                                """
                                INSERT INTO login_throttle AS t (subject, failures, first_failure)
                                VALUES (:subject, 1, :now::timestamptz)
                                ON CONFLICT (subject) DO UPDATE SET
                                    failures = CASE WHEN t.first_failure < :forgotten::timestamptz THEN 1 ELSE t.failures + 1 END,
                                    first_failure =
                                        CASE WHEN t.first_failure < :forgotten::timestamptz THEN :now::timestamptz ELSE t.first_failure END,
                                    blocked_until = CASE
                                        WHEN t.first_failure < :forgotten::timestamptz OR t.failures < :free::int THEN NULL
                                        ELSE :now::timestamptz + least(
                                            :firstWait::float8 * power(2::float8, least(t.failures - :free::int, 30)), :longestWait::float8)
                                            * interval '1 millisecond' END
                                WHERE t.blocked_until IS NULL OR t.blocked_until <= :now::timestamptz
                                RETURNING t.first_failure
                                """)
                        .param("subject", subject)
                        .param("now", at)
                        .param("forgotten", forgotten)
                        .param("free", free)
                        .param("firstWait", (double) properties.firstWait().toMillis())
                        .param("longestWait", (double) properties.longestWait().toMillis())
                        .query(LoginThrottle::instant)
                        .list();
        return blocked.isEmpty() ? Optional.of(remaining(subject, now)) : Optional.empty();
    }

    private Duration remaining(String subject, Instant now) {
        return jdbc.sql("SELECT blocked_until FROM login_throttle WHERE subject = ?")
                .params(subject)
                .query(LoginThrottle::instant)
                .optional()
                .map(until -> Duration.between(now, until))
                .filter(Duration::isPositive)
                .orElse(Duration.ofSeconds(1));
    }

    /** The attempt that was begun succeeded. */
    @Transactional("platformTransactionManager")
    public void succeed(String email, String address) {
        jdbc.sql("DELETE FROM login_throttle WHERE subject = ?").params(ofUser(email)).update();
        jdbc.sql("UPDATE login_throttle SET failures = greatest(failures - 1, 0) WHERE subject = ?")
                .params(ofAddress(address))
                .update();
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.HOURS)
    void forget() {
        Instant now = clock.instant();
        jdbc.sql(
                        """
                        DELETE FROM login_throttle
                        WHERE first_failure < ? AND (blocked_until IS NULL OR blocked_until < ?)
                        """)
                .params(Timestamp.from(now.minus(properties.forgetAfter())), Timestamp.from(now))
                .update();
    }

    private static Instant instant(ResultSet row, int number) throws SQLException {
        return row.getTimestamp(1).toInstant();
    }

    private static String ofUser(String email) {
        return "user:" + email;
    }

    private static String ofAddress(String address) {
        return "address:" + address;
    }
}
