package dev.atrium.registry.authorization;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Removes authorizations of which every token has expired; nothing else ever does. */
@Component
class AuthorizationCleanup {
    private static final Duration GRACE = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final Clock clock;

    AuthorizationCleanup(@Qualifier("platformJdbc") JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 10, initialDelay = 5, timeUnit = TimeUnit.MINUTES)
    void removeExpired() {
        jdbc.sql(
                        """
                        DELETE FROM oauth2_authorization WHERE greatest(
                            authorization_code_expires_at, access_token_expires_at, oidc_id_token_expires_at,
                            refresh_token_expires_at) < ?
                        """)
                .params(Timestamp.from(clock.instant().minus(GRACE)))
                .update();
    }
}
