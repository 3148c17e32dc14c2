package dev.atrium.gateway.web;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.springframework.stereotype.Component;

/**
 * Makes call ids: UUIDs of version 7 (RFC 9562), whose time names the ledger's day. The 74 random
 * bits come from a generator that was seeded securely and never blocks; ids name calls and protect
 * nothing.
 */
@Component
class CallIds {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final Clock clock;
    private final RandomGenerator random;

    CallIds(Clock clock) {
        this.clock = clock;
        this.random =
                RandomGeneratorFactory.of("L128X256MixRandom")
                        .create(new SecureRandom().generateSeed(48));
    }

    UUID next() {
        long high;
        long low;
        synchronized (random) {
            high = random.nextLong();
            low = random.nextLong();
        }
        return new UUID(clock.millis() << 16 | VERSION | (high & 0xFFF), VARIANT | (low >>> 2));
    }
}
