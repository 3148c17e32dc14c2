package dev.atrium.registry.pricing;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;
import java.time.Instant;

/** What is asked for does not fit what there is. */
public final class PriceConflictException extends RegistryException {
    private PriceConflictException(String message) {
        super(ErrorCode.CONFLICT, message);
    }

    static PriceConflictException inEffect(Instant since) {
        return new PriceConflictException(
                "The price is in effect since " + since + "; set another one instead.");
    }

    static PriceConflictException sameTime(Instant from) {
        return new PriceConflictException(
                "There is a price for the same from " + from + " on; withdraw it first.");
    }

    static PriceConflictException tooMany(int most) {
        return new PriceConflictException(
                "The list has " + most + " prices in effect or to come, the most there can be.");
    }
}
