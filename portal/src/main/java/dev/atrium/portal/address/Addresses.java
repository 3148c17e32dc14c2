package dev.atrium.portal.address;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of the processes, without a trailing slash.
 *
 * @param registryPublic for browsers and as issuer
 * @param portal for browsers
 * @param gateway for applications; goes into examples
 * @param registry for the portal's own calls
 * @param gatewayInternal for the portal's own calls
 */
public record Addresses(
        String registryPublic,
        String portal,
        String gateway,
        String registry,
        String gatewayInternal) {

    /** The registry's page where a user changes the password. */
    public String changePassword() {
        return registryPublic + "/change-password";
    }

    static Addresses of(AddressProperties properties) {
        URI base = properties.publicUrl();
        int registryPort = properties.registryPort();
        return new Addresses(
                text(base),
                derived(properties.portalUrl(), base, registryPort, properties.portalPort()),
                derived(properties.gatewayUrl(), base, registryPort, properties.gatewayPort()),
                text(properties.registryUrl()),
                text(properties.gatewayInternalUrl()));
    }

    /**
     * An unset address is the public URL itself, unless that names the registry's own port: then
     * each service is reached on its own.
     */
    private static String derived(@Nullable URI given, URI base, int registryPort, int ownPort) {
        if (given != null && !given.toString().isBlank()) {
            return text(given);
        }
        if (base.getPort() != registryPort) {
            return text(base);
        }
        return base.getScheme() + "://" + bracketed(base.getHost()) + ":" + ownPort;
    }

    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    private static String text(URI address) {
        String text = address.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
