package dev.atrium.registry.api.quota;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a call reserved of which leases, as a text that is short enough for a grant: for each lease
 * the 16 bytes of its id in base64url and the units in base 36, parted by commas. A node hands it
 * on with its account; so the ledger knows of a lost gateway's call what its journal would have
 * said.
 *
 * @see "docs/adr/0012-lost-gateways.md"
 */
public final class ReservedLeases {
    /** A grant is a header. Of a call with more nothing is said. */
    private static final int MOST_LEASES = 64;

    /** No policy has a higher amount. */
    private static final long MOST_UNITS = 1_000_000_000_000_000L;

    private static final int ID_BYTES = 16;
    private static final int ID_LENGTH = 22;
    private static final int RADIX = 36;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private ReservedLeases() {}

    /** Empty where nothing was reserved; null where it is too much to be said. */
    public static @Nullable String text(List<Charge> charges) {
        StringBuilder text = new StringBuilder();
        int leases = 0;
        for (Charge charge : charges) {
            UUID lease = charge.leaseId();
            if (lease != null) {
                leases++;
                append(lease, charge.reserved(), text);
            }
        }
        return leases > MOST_LEASES ? null : text.toString();
    }

    private static void append(UUID lease, long units, StringBuilder text) {
        if (!text.isEmpty()) {
            text.append(',');
        }
        byte[] id =
                ByteBuffer.allocate(ID_BYTES)
                        .putLong(lease.getMostSignificantBits())
                        .putLong(lease.getLeastSignificantBits())
                        .array();
        text.append(new String(ENCODER.encode(id), StandardCharsets.ISO_8859_1))
                .append(Long.toString(units, RADIX));
    }

    /**
     * Units by lease.
     *
     * @throws IllegalArgumentException for what no gateway says
     */
    public static Map<UUID, Long> read(String text) {
        Map<UUID, Long> reserved = new LinkedHashMap<>();
        String[] parts = text.isEmpty() ? new String[0] : text.split(",", -1);
        require(parts.length <= MOST_LEASES);
        for (String part : parts) {
            require(part.length() > ID_LENGTH);
            long units = Long.parseLong(part, ID_LENGTH, part.length(), RADIX);
            require(units >= 0 && units <= MOST_UNITS);
            require(reserved.put(lease(part.substring(0, ID_LENGTH)), units) == null);
        }
        return reserved;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("not what a call reserves of leases");
        }
    }

    private static UUID lease(String text) {
        ByteBuffer id = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        return new UUID(id.getLong(), id.getLong());
    }
}
