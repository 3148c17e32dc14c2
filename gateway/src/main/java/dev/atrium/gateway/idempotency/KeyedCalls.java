package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.web.Exchange;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds the calls that have an {@code Idempotency-Key}. */
@Component
public class KeyedCalls {
    /** What a call may last beyond its deadline: waits before it, and the node's last word. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final Claims claims;
    private final Outcomes outcomes;
    private final Membership membership;
    private final MeterRegistry meters;

    KeyedCalls(Claims claims, Outcomes outcomes, Membership membership, MeterRegistry meters) {
        this.claims = claims;
        this.outcomes = outcomes;
        this.membership = membership;
        this.meters = meters;
    }

    /**
     * Null without the header, which is all that other calls pay; refuses a bad one.
     *
     * @param deadline of the call
     */
    public @Nullable KeyedCall of(Exchange exchange, Caller caller, Duration deadline) {
        if (exchange.header(IdempotencyKey.HEADER) == null) {
            return null;
        }
        IdempotencyKey key = IdempotencyKey.of(exchange.headers(IdempotencyKey.HEADER));
        return KeyedCall.begin(
                exchange,
                caller,
                Hashes.key(caller, key),
                membership.incarnation(),
                deadline.plus(MARGIN),
                claims,
                outcomes,
                meters);
    }
}
