package dev.atrium.registry.signin;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.identity.SignInLink;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.identity.User;
import dev.atrium.registry.identity.Users;
import dev.atrium.registry.web.PublicUrls;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Links that sign their bearer in once. Only hashes are stored. */
@Service
class SignInLinks {
    private static final int SECRET_BYTES = 32;

    private final JdbcClient jdbc;
    private final Users users;
    private final AuditLog audit;
    private final PublicUrls urls;
    private final SignInProperties properties;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    SignInLinks(
            @Qualifier("platformJdbc") JdbcClient jdbc,
            Users users,
            AuditLog audit,
            PublicUrls urls,
            SignInProperties properties,
            Clock clock) {
        this.jdbc = jdbc;
        this.users = users;
        this.audit = audit;
        this.urls = urls;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * @throws UnknownUserException when nobody active has the address
     */
    @Transactional("platformTransactionManager")
    public SignInLink create(String email) {
        User user =
                users.findByEmail(email)
                        .filter(User::active)
                        .orElseThrow(() -> new UnknownUserException(email));
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Instant now = clock.instant();
        Instant expiresAt = now.plus(properties.linkLifetime());
        jdbc.sql("DELETE FROM sign_in_link WHERE expires_at < ?")
                .params(Timestamp.from(now))
                .update();
        jdbc.sql("INSERT INTO sign_in_link (token_hash, user_id, expires_at) VALUES (?, ?, ?)")
                .params(ApiKeyFormat.sha256(token), user.id().value(), Timestamp.from(expiresAt))
                .update();
        audit.record("sign_in_link.created", user.actor(), null);
        return new SignInLink(urls.registry() + "/sign-in/" + token, expiresAt);
    }

    boolean isUsable(String token) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM sign_in_link
                                       WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?)
                        """)
                .params(ApiKeyFormat.sha256(token), Timestamp.from(clock.instant()))
                .query(Boolean.class)
                .single();
    }

    /** Uses the link up; of two who try at once one gets the user. */
    @Transactional("platformTransactionManager")
    public Optional<User> redeem(String token) {
        Timestamp now = Timestamp.from(clock.instant());
        return jdbc.sql(
                        """
                        UPDATE sign_in_link SET used_at = ?
                        WHERE token_hash = ? AND used_at IS NULL AND expires_at > ? RETURNING user_id
                        """)
                .params(now, ApiKeyFormat.sha256(token), now)
                .query(UUID.class)
                .optional()
                .flatMap(id -> users.find(new UserId(id)))
                .filter(User::active);
    }
}
