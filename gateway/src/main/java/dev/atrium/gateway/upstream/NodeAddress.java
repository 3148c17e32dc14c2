package dev.atrium.gateway.upstream;

import java.net.URI;

/**
 * Where a node listens.
 *
 * @param authority for the Host header
 * @param path that its URL ends with and every path of it begins with; often empty
 */
record NodeAddress(String host, int port, boolean isSecure, String authority, String path) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /**
     * @throws IllegalArgumentException when it is no HTTP URL
     */
    static NodeAddress parse(String url) {
        URI uri = URI.create(url);
        boolean isSecure = "https".equalsIgnoreCase(uri.getScheme());
        if (uri.getHost() == null || !(isSecure || "http".equalsIgnoreCase(uri.getScheme()))) {
            throw new IllegalArgumentException("not the URL of a node: " + url);
        }
        int otherwise = isSecure ? HTTPS : HTTP;
        int port = uri.getPort() < 0 ? otherwise : uri.getPort();
        // Brackets are of the URL's text, not of the address.
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return new NodeAddress(
                host,
                port,
                isSecure,
                uri.getRawAuthority(),
                path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
}
