package dev.atrium.registry.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Finds the addresses of a host that is of the public internet. What it finds is what is connected
 * to: asking again could be answered otherwise.
 *
 * @param allowLoopback whether this machine counts as public
 */
record PublicHosts(boolean allowLoopback) implements DnsResolver {
    /**
     * @throws RefusedAddressException where one of the addresses is not public
     */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(host);
        for (InetAddress each : all) {
            if (!PublicAddresses.isPublic(each) && !(allowLoopback && each.isLoopbackAddress())) {
                throw new RefusedAddressException();
            }
        }
        return all;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** An address that is not of the public internet. */
    static final class RefusedAddressException extends RuntimeException {
        RefusedAddressException() {
            super("the host has an address that is not public");
        }
    }
}
