package dev.atrium.portal.security;

import com.vaadin.flow.server.VaadinSession;
import com.vaadin.flow.server.WrappedSession;
import dev.atrium.portal.registry.BearerTokens;
import dev.atrium.portal.registry.RegistryUnreachableException;
import dev.atrium.portal.registry.SignInRequiredException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;

/**
 * Keeps the user's tokens in the HTTP session and renews them.
 *
 * <p>They are found through the Vaadin session rather than the request, so that uploads and pushed
 * updates have them too. Renewals of one session happen one after the other, because a refresh
 * token may be good for one use only.
 */
@Component
class SessionTokens implements OAuth2AuthorizedClientRepository, BearerTokens {
    private final RestClientRefreshTokenTokenResponseClient refreshClient;
    private final SecurityProperties properties;
    private final Clock clock;

    SessionTokens(
            RestClientRefreshTokenTokenResponseClient refreshClient,
            SecurityProperties properties,
            Clock clock) {
        this.refreshClient = refreshClient;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public String current() {
        WrappedSession session = session();
        TokenHolder holder = holder(session);
        synchronized (holder) {
            Instant end = holder.client().getAccessToken().getExpiresAt();
            Instant soon = clock.instant().plus(properties.renewBefore());
            return end == null || end.isAfter(soon)
                    ? holder.client().getAccessToken().getTokenValue()
                    : renew(session, holder);
        }
    }

    @Override
    public String renewed() {
        WrappedSession session = session();
        TokenHolder holder = holder(session);
        synchronized (holder) {
            return renew(session, holder);
        }
    }

    private String renew(WrappedSession session, TokenHolder holder) {
        OAuth2AuthorizedClient known = holder.client();
        OAuth2RefreshToken refresh = known.getRefreshToken();
        if (refresh == null) {
            throw new SignInRequiredException("the registry gave no refresh token");
        }
        OAuth2AccessTokenResponse fresh = refresh(known, refresh);
        OAuth2RefreshToken next =
                fresh.getRefreshToken() == null ? refresh : fresh.getRefreshToken();
        holder.replace(
                new OAuth2AuthorizedClient(
                        known.getClientRegistration(),
                        known.getPrincipalName(),
                        fresh.getAccessToken(),
                        next));
        SessionAuthorities.follow(session, fresh.getAccessToken().getScopes());
        return fresh.getAccessToken().getTokenValue();
    }

    private OAuth2AccessTokenResponse refresh(
            OAuth2AuthorizedClient known, OAuth2RefreshToken refresh) {
        var request =
                new OAuth2RefreshTokenGrantRequest(
                        known.getClientRegistration(), known.getAccessToken(), refresh);
        try {
            return refreshClient.getTokenResponse(request);
        } catch (OAuth2AuthorizationException e) {
            if (e.getCause() instanceof ResourceAccessException unreachable) {
                throw new RegistryUnreachableException("token renewal", unreachable);
            }
            throw new SignInRequiredException("the registry did not renew the token", e);
        } catch (ResourceAccessException e) {
            throw new RegistryUnreachableException("token renewal", e);
        }
    }

    private static WrappedSession session() {
        VaadinSession session = VaadinSession.getCurrent();
        if (session == null || session.getSession() == null) {
            throw new SignInRequiredException("there is no session");
        }
        return session.getSession();
    }

    private static TokenHolder holder(WrappedSession session) {
        if (session.getAttribute(TokenHolder.ATTRIBUTE) instanceof TokenHolder holder) {
            return holder;
        }
        throw new SignInRequiredException("the session holds no token");
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
            String registrationId, Authentication principal, HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null
                        && session.getAttribute(TokenHolder.ATTRIBUTE) instanceof TokenHolder holder
                ? (T) holder.client()
                : null;
    }

    @Override
    public void saveAuthorizedClient(
            OAuth2AuthorizedClient client,
            Authentication principal,
            HttpServletRequest request,
            HttpServletResponse response) {
        request.getSession().setAttribute(TokenHolder.ATTRIBUTE, new TokenHolder(client));
    }

    @Override
    public void removeAuthorizedClient(
            String registrationId,
            Authentication principal,
            HttpServletRequest request,
            HttpServletResponse response) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.removeAttribute(TokenHolder.ATTRIBUTE);
        }
    }
}
