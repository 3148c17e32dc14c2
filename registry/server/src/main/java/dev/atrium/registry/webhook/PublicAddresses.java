package dev.atrium.registry.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses belong to the public internet. An address that a tenant names must lead nowhere
 * else: neither into our own network nor to the metadata service of whoever runs the machine.
 *
 * <p>The special ranges are those of the IANA registries for IPv4 and IPv6. An IPv4 address that is
 * written as IPv6 counts as what it is; of IPv6 only global unicast is public, without the ranges
 * in it that carry IPv4 addresses or none at all.
 */
final class PublicAddresses {
    private record Range(byte[] prefix, int bits) {
        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Range> SPECIAL_V4 =
            List.of(
                    v4(0, 0, 0, 8),
                    v4(10, 0, 0, 8),
                    v4(100, 64, 0, 10),
                    v4(127, 0, 0, 8),
                    v4(169, 254, 0, 16),
                    v4(172, 16, 0, 12),
                    v4(192, 0, 0, 24),
                    v4(192, 0, 2, 24),
                    v4(192, 88, 99, 24),
                    v4(192, 168, 0, 16),
                    v4(198, 18, 0, 15),
                    v4(198, 51, 100, 24),
                    v4(203, 0, 113, 24),
                    v4(224, 0, 0, 3));

    private static final Range GLOBAL_V6 = v6(0x2000, 0, 3);

    /** Protocol assignments (Teredo among them), documentation, 6to4. */
    private static final List<Range> SPECIAL_V6 =
            List.of(
                    v6(0x2001, 0, 23),
                    v6(0x2001, 0x0db8, 32),
                    v6(0x2002, 0, 16),
                    v6(0x3fff, 0, 20));

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? GLOBAL_V6.contains(bytes) && isNone(SPECIAL_V6, bytes)
                : isNone(SPECIAL_V4, bytes);
    }

    private static boolean isNone(List<Range> ranges, byte[] address) {
        return ranges.stream().noneMatch(range -> range.contains(address));
    }

    private static Range v4(int first, int second, int third, int bits) {
        return new Range(new byte[] {(byte) first, (byte) second, (byte) third, 0}, bits);
    }

    private static Range v6(int first, int second, int bits) {
        byte[] prefix = new byte[16];
        prefix[0] = (byte) (first >> 8);
        prefix[1] = (byte) first;
        prefix[2] = (byte) (second >> 8);
        prefix[3] = (byte) second;
        return new Range(prefix, bits);
    }
}
