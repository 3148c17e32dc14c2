package dev.atrium.portal.security;

import java.io.Serializable;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;

/** The session attribute with the user's tokens; also the lock of their renewal. */
final class TokenHolder implements Serializable {
    static final String ATTRIBUTE = TokenHolder.class.getName();

    private OAuth2AuthorizedClient client;

    TokenHolder(OAuth2AuthorizedClient client) {
        this.client = client;
    }

    synchronized OAuth2AuthorizedClient client() {
        return client;
    }

    synchronized void replace(OAuth2AuthorizedClient fresh) {
        client = fresh;
    }
}
