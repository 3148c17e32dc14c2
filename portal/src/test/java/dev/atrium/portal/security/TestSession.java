package dev.atrium.portal.security;

import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.SessionInitEvent;
import com.vaadin.flow.server.VaadinServiceInitListener;
import java.time.Instant;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/** Puts a token that the fake registry knows into every new session, as a sign-in would. */
public final class TestSession implements VaadinServiceInitListener {
    private final ClientRegistrationRepository registrations;

    public TestSession(ClientRegistrationRepository registrations) {
        this.registrations = registrations;
    }

    @Override
    public void serviceInit(ServiceInitEvent event) {
        event.getSource().addSessionInitListener(this::signIn);
    }

    private void signIn(SessionInitEvent event) {
        var session = event.getSession().getSession();
        session.setAttribute(TokenHolder.ATTRIBUTE, holder(Instant.now().plusSeconds(600)));
        session.setAttribute(
                HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY,
                SecurityContextHolder.getContext());
    }

    TokenHolder holder(Instant expiresAt) {
        return new TokenHolder(
                new OAuth2AuthorizedClient(
                        registrations.findByRegistrationId(ClientConfiguration.REGISTRATION),
                        "ada",
                        new OAuth2AccessToken(
                                OAuth2AccessToken.TokenType.BEARER,
                                "test-token",
                                Instant.now().minusSeconds(1),
                                expiresAt),
                        new OAuth2RefreshToken("refresh", Instant.now())));
    }
}
