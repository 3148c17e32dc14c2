package dev.atrium.gateway.authentication;

import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.feed.StoredKey;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.feed.FeedTenant;
import dev.atrium.registry.api.identity.PrincipalKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Authenticates a call from memory alone.
 *
 * <p>Valid keys and tokens that were verified before always pass, so that a neighbour behind the
 * same address who keeps trying wrong ones cannot lock them out; the limit on failures spares the
 * work for everything else.
 */
@Component
public class Authenticator {
    private static final String BEARER = "bearer ";

    private final Feed feed;
    private final AccessTokens tokens;
    private final FailedCredentials failures;
    private final Clock clock;
    private final int tokenRequestsPerMinute;

    Authenticator(
            Feed feed,
            AccessTokens tokens,
            FailedCredentials failures,
            Clock clock,
            AuthenticationProperties properties) {
        this.feed = feed;
        this.tokens = tokens;
        this.failures = failures;
        this.clock = clock;
        this.tokenRequestsPerMinute = properties.tokenRequestsPerMinute();
    }

    /** Whether access tokens can be told from forged ones. */
    public boolean knowsSigningKeys() {
        return tokens.canVerify();
    }

    /**
     * @param authorization the header's value, null without one
     * @param clientAddress whom failures are counted for
     */
    public Authentication authenticate(@Nullable String authorization, String clientAddress) {
        if (!feed.isUsable()) {
            return new Authentication.Unavailable();
        }
        if (authorization == null || authorization.isBlank()) {
            return new Authentication.Missing();
        }
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return failed(clientAddress);
        }
        String credential = authorization.substring(BEARER.length()).strip();
        return credential.startsWith(ApiKeyFormat.PREFIX)
                ? byKey(credential, clientAddress)
                : byToken(credential, clientAddress);
    }

    private Authentication byKey(String text, String clientAddress) {
        return ApiKeyFormat.parse(text)
                .flatMap(this::callerOf)
                .<Authentication>map(Authentication.Authenticated::new)
                .orElseGet(() -> failed(clientAddress));
    }

    private Optional<Caller> callerOf(ApiKeyFormat.Parsed parsed) {
        StoredKey key = feed.keys().find(parsed.keyId()).orElse(null);
        if (key == null
                || !key.matches(sha256(parsed.secret()))
                || key.isExpired(clock.instant())) {
            return Optional.empty();
        }
        return feed.snapshot()
                .tenant(key.tenantId())
                .filter(FeedTenant::active)
                .map(tenant ->
                        new Caller(
                                tenant.id(),
                                tenant.slug(),
                                key.projectId(),
                                PrincipalKind.API_KEY,
                                parsed.keyId(),
                                key.scopes(),
                                key.allowedModels(),
                                key.requestsPerMinute(),
                                key.label()));
    }

    private Authentication byToken(String text, String clientAddress) {
        Optional<VerifiedToken> known = tokens.verifiedBefore(text);
        if (known.isPresent()) {
            return authenticated(known.get(), clientAddress);
        }
        Optional<Duration> wait = failures.waitOf(clientAddress);
        if (wait.isPresent()) {
            return new Authentication.Throttled(wait.get());
        }
        if (!tokens.canVerify()) {
            return new Authentication.Unavailable();
        }
        return tokens.verify(text)
                .map(token -> authenticated(token, clientAddress))
                .orElseGet(() -> failed(clientAddress));
    }

    /**
     * Suspension and blocking are looked up at each call, so they stop a verified token at once.
     */
    private Authentication authenticated(VerifiedToken token, String clientAddress) {
        if (feed.snapshot().isBlocked(token.tenantId(), token.principalId())) {
            return failed(clientAddress);
        }
        return feed.snapshot()
                .tenant(token.tenantId())
                .filter(FeedTenant::active)
                .<Authentication>map(tenant ->
                        new Authentication.Authenticated(
                                token.caller(tenant.slug(), tokenRequestsPerMinute)))
                .orElseGet(() -> failed(clientAddress));
    }

    private Authentication failed(String clientAddress) {
        return failures.count(clientAddress)
                .<Authentication>map(Authentication.Throttled::new)
                .orElseGet(Authentication.Invalid::new);
    }

    private static byte[] sha256(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
