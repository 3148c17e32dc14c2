package dev.atrium.gateway.web;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

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

    String of(ServerHttpRequest request) {
        InetSocketAddress remote = request.getRemoteAddress();
        if (remote == null || remote.getAddress() == null) {
            return "unknown";
        }
        String address = remote.getAddress().getHostAddress();
        return trusted.isEmpty()
                ? address
                : behindProxies(address, request.getHeaders().get(FORWARDED_FOR));
    }

    private String behindProxies(String remote, @Nullable List<String> headers) {
        String address = remote;
        if (headers == null) {
            return address;
        }
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
