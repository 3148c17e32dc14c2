package dev.atrium.gateway.web;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/** A range of IP addresses in CIDR form. */
record AddressRange(byte[] network, int prefix) {
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = bytes(slash < 0 ? text : text.substring(0, slash));
        if (network == null) {
            throw new IllegalArgumentException(
                    "atrium.gateway.web.trusted-proxies: '"
                            + text
                            + "' is neither an address nor a range such as 10.0.0.0/8");
        }
        int bits = network.length * 8;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "atrium.gateway.web.trusted-proxies: prefix of '"
                            + text
                            + "' is not 0-"
                            + bits);
        }
        return new AddressRange(network, prefix);
    }

    static boolean isAddress(String text) {
        return bytes(text) != null;
    }

    boolean contains(String address) {
        byte[] other = bytes(address);
        if (other == null || other.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((other[bit / 8] & mask) != (network[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static byte @Nullable [] bytes(String text) {
        return NetUtil.createByteArrayFromIpAddressString(text);
    }
}
