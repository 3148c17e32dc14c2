package dev.atrium.registry.statement;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;
import java.time.LocalDate;

/** The open statement has as many adjustments as one may have. */
final class StatementFullException extends RegistryException {
    StatementFullException(LocalDate day, int most) {
        super(
                ErrorCode.CONFLICT,
                "the statement of "
                        + day
                        + " has "
                        + most
                        + " adjustments already; post this one when that day is closed");
    }
}
