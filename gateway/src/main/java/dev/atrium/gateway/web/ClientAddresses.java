package dev.atrium.gateway.web;

import java.net.InetSocketAddress;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Tells a caller's address. X-Forwarded-For is read from its end, and only as far as every address
 * behind belongs to a trusted proxy, because callers can write its beginning.
 */
@Component
class ClientAddresses {
    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private final List<AddressRange> trusted;

    ClientAddresses(WebProperties properties) {
        this.trusted = properties.trustedProxies().stream().map(AddressRange::parse).toList();
    }

    String of(HttpServerRequest request) {
        if (!(request.remoteAddress() instanceof InetSocketAddress remote)
                || remote.getAddress() == null) {
            return "unknown";
        }
        String address = remote.getAddress().getHostAddress();
        return trusted.isEmpty()
                ? address
                : behindProxies(address, request.requestHeaders().getAll(FORWARDED_FOR));
    }

    private String behindProxies(String remote, List<String> headers) {
        String address = remote;
        List<String> hops = List.of(String.join(",", headers).split(","));
        for (String hop : hops.reversed()) {
            if (!isTrusted(address) || !AddressRange.isAddress(hop.strip())) {
                break;
            }
            address = hop.strip();
        }
        return address;
    }

    private boolean isTrusted(String address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }
}
