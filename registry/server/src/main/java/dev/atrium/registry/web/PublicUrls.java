package dev.atrium.registry.web;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/** The addresses that links, redirects and the OAuth issuer are made of; without a final slash. */
@Component
public final class PublicUrls {
    private final String registry;
    private final String portal;
    private final String gateway;

    PublicUrls(WebProperties properties) {
        this.registry = trim(properties.publicUrl());
        this.portal = sibling(properties, properties.portalUrl(), properties.portalPort());
        this.gateway = sibling(properties, properties.gatewayUrl(), properties.gatewayPort());
    }

    public String registry() {
        return registry;
    }

    public String portal() {
        return portal;
    }

    public String gateway() {
        return gateway;
    }

    public boolean isHttps() {
        return registry.startsWith("https:");
    }

    private static String sibling(WebProperties properties, @Nullable URI given, int port) {
        if (given != null && !given.toString().isEmpty()) {
            return trim(given);
        }
        URI own = properties.publicUrl();
        // Behind one proxy all services share one address; on one machine only the ports differ.
        return own.getPort() == properties.port()
                ? trim(UriComponentsBuilder.fromUri(own).port(port).build().toUri())
                : trim(own);
    }

    private static String trim(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
