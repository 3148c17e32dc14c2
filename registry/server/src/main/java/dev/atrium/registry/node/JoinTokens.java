package dev.atrium.registry.node;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.node.CreateJoinToken;
import dev.atrium.registry.api.node.JoinToken;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** One-use tokens by which gateways and nodes join; only their hashes are kept. */
@Component
class JoinTokens {
    private static final String PREFIX = "atj_";
    private static final int SECRET_BYTES = 32;
    private static final int DEFAULT_MINUTES = 60;
    private static final int MAX_MINUTES = 60 * 24 * 30;
    private static final int MIN_LENGTH = 16;

    private final JdbcClient platform;
    private final NodeProperties properties;
    private final AuditLog audit;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    JoinTokens(
            @Qualifier("platformJdbc") JdbcClient platform,
            NodeProperties properties,
            AuditLog audit,
            Clock clock) {
        this.platform = platform;
        this.properties = properties;
        this.audit = audit;
        this.clock = clock;
    }

    /** The only moment at which anybody sees the token. */
    @Transactional("platformTransactionManager")
    JoinToken create(CreateJoinToken wish) {
        int minutes = wish.validMinutes() == null ? DEFAULT_MINUTES : wish.validMinutes();
        if (minutes < 1 || minutes > MAX_MINUTES) {
            throw new InvalidRequestException(
                    "'validMinutes' is " + minutes + " but must be 1 to " + MAX_MINUTES);
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Instant expiresAt =
                clock.instant().plus(Duration.ofMinutes(minutes)).truncatedTo(ChronoUnit.MICROS);
        insert(token, wish.role(), expiresAt);
        audit.record("join_token.created", "role:" + wish.role(), null);
        return new JoinToken(token, wish.role(), expiresAt);
    }

    /** Tokens of the environment; known ones stay as they are, so a used one stays used. */
    @EventListener(ApplicationReadyEvent.class)
    void insertConfigured() {
        Instant expiresAt = clock.instant().plus(properties.joinTokensValid());
        for (String configured : properties.joinTokens()) {
            int colon = configured.indexOf(':');
            String token = configured.substring(colon + 1).strip();
            if (colon < 0 || token.length() < MIN_LENGTH) {
                throw new IllegalStateException(
                        "ATRIUM_JOIN_TOKENS must be a list of ROLE:token with tokens of at least "
                                + MIN_LENGTH
                                + " characters");
            }
            MemberRole role = MemberRole.valueOf(configured.substring(0, colon).strip());
            insert(token, role, expiresAt);
        }
    }

    private void insert(String token, MemberRole role, Instant expiresAt) {
        platform.sql(
                        """
                        INSERT INTO join_token (token_hash, role, expires_at) VALUES (?, ?, ?)
                        ON CONFLICT DO NOTHING
                        """)
                .params(ApiKeyFormat.sha256(token), role.name(), atUtc(expiresAt))
                .update();
    }

    /** Uses up a token, in the transaction of the join. */
    void use(String token, MemberRole role, UUID usedBy) {
        OffsetDateTime now = atUtc(clock.instant());
        int used =
                platform.sql(
                                """
                                UPDATE join_token SET used_at = ?, used_by = ?
                                WHERE token_hash = ? AND role = ? AND used_at IS NULL
                                  AND expires_at > ?
                                """)
                        .params(now, usedBy, ApiKeyFormat.sha256(token), role.name(), now)
                        .update();
        if (used == 0) {
            throw new JoinRefusedException();
        }
    }

    private static OffsetDateTime atUtc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
