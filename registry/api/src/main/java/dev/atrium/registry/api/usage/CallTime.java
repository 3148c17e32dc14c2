package dev.atrium.registry.api.usage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/** The time inside a UUIDv7 call id, which names the ledger's day whatever else a record says. */
public final class CallTime {
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private CallTime() {}

    public static boolean isKnown(UUID callId) {
        return callId.version() == 7 && callId.variant() == 2;
    }

    public static Instant of(UUID callId) {
        return Instant.ofEpochMilli(callId.getMostSignificantBits() >>> 16);
    }

    public static LocalDate day(UUID callId) {
        return LocalDate.ofInstant(of(callId), ZoneOffset.UTC);
    }

    /** The smallest call id of a millisecond, as the lower end of a range. */
    public static UUID first(Instant at) {
        return new UUID(at.toEpochMilli() << 16 | VERSION_7, VARIANT);
    }
}
