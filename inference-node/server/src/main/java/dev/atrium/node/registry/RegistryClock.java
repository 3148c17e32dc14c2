package dev.atrium.node.registry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/**
 * The registry's time as far as it is known here; never ahead of it.
 *
 * <p>The registry reads its clock before the answer arrives, so the offset taken on arrival errs on
 * the early side, which is the safe one for saying what has been shipped.
 */
@Component
public class RegistryClock {
    private final Clock clock = Clock.systemUTC();
    private volatile Duration offset = Duration.ZERO;

    public Instant now() {
        return clock.instant().plus(offset);
    }

    void observed(Instant registryTime) {
        offset = Duration.between(clock.instant(), registryTime);
    }
}
