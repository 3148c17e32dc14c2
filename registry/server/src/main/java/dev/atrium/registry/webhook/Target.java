package dev.atrium.registry.webhook;

import dev.atrium.registry.error.InvalidRequestException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * An address as a tenant may name it.
 *
 * @param host a name, or an address in brackets where it is IPv6
 * @param path with the query, in ASCII
 */
record Target(boolean encrypted, String host, int port, String path) {
    private static final int LONGEST = 2_000;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

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
        int port = uri.getPort() == -1 ? encrypted ? HTTPS : HTTP : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw invalid("names no port");
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(encrypted, uri.getHost(), port, path + query);
    }

    private static InvalidRequestException invalid(String what) {
        return new InvalidRequestException("'url' " + what);
    }

    /** As the Host header names it. */
    String authority() {
        return port == (encrypted ? HTTPS : HTTP) ? host : host + ":" + port;
    }

    /** Without the brackets of an IPv6 address. */
    String hostName() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * What is to be connected to, and nothing else: asking again could be answered otherwise.
     *
     * @throws RefusedAddressException where one of the host's addresses is not public
     */
    InetAddress resolve(boolean allowLoopback) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(hostName());
        for (InetAddress each : all) {
            boolean allowed =
                    PublicAddresses.isPublic(each) || (allowLoopback && each.isLoopbackAddress());
            if (!allowed) {
                throw new RefusedAddressException();
            }
        }
        return all[0];
    }

    /** Said early where it can be; every attempt looks again. */
    void requireReachable(boolean allowLoopback) {
        try {
            resolve(allowLoopback);
        } catch (UnknownHostException e) {
            throw invalid("names a host that is not known");
        } catch (RefusedAddressException e) {
            throw invalid("names a host that is not public");
        }
    }

    /** An address that is not of the public internet. */
    static final class RefusedAddressException extends RuntimeException {
        RefusedAddressException() {
            super("the host has an address that is not public");
        }
    }
}
