package dev.atrium.registry.api.statement;

import java.time.YearMonth;

/**
 * The statements of a month of UTC days together.
 *
 * @param closed every day of the month that the tenant was there has its statement, so nothing of
 *     this changes any more
 * @param days statements so far
 */
public record StatementMonth(YearMonth month, boolean closed, int days, Figures balance) {}
