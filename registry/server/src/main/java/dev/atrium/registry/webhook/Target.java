package dev.atrium.registry.webhook;

import dev.atrium.registry.error.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * An address as a tenant may name it.
 *
 * @param uri in ASCII
 */
record Target(URI uri) {
    private static final int LONGEST = 2_000;

    /**
     * @param allowLoopback whether http will do
     * @throws InvalidRequestException for what is no such address
     */
    static Target parse(String url, boolean allowLoopback) {
        if (url.length() > LONGEST) {
            throw invalid("is longer than " + LONGEST + " characters");
        }
        URI uri;
        try {
            uri = new URI(new URI(url.strip()).toASCIIString());
        } catch (URISyntaxException e) {
            throw invalid("is not an address");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean encrypted = scheme.equals("https");
        if (!encrypted && !(allowLoopback && scheme.equals("http"))) {
            throw invalid("must begin with https://");
        }
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            throw invalid("names no host");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw invalid("must have neither a user nor a fragment");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw invalid("names no port");
        }
        return new Target(uri);
    }

    private static InvalidRequestException invalid(String what) {
        return new InvalidRequestException("'url' " + what);
    }

    /** A name, or an address. */
    String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Said early where it can be; every attempt looks again. */
    void requireReachable(boolean allowLoopback) {
        try {
            new PublicHosts(allowLoopback).resolve(host());
        } catch (UnknownHostException e) {
            throw invalid("names a host that is not known");
        } catch (PublicHosts.RefusedAddressException e) {
            throw invalid("names a host that is not public");
        }
    }
}
