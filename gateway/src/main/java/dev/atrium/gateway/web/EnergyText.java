package dev.atrium.gateway.web;

import dev.atrium.registry.api.usage.Energy;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Energy in the units in which people compare it, in headers and bodies alike. */
public record EnergyText(String joules, @Nullable String gramsCo2e, String method) {
    private static final int MICRO_DIGITS = 6;
    private static final int NANO_DIGITS = 9;

    public static EnergyText of(Energy energy) {
        Long carbon = energy.carbonNanograms();
        return new EnergyText(
                decimal(energy.microjoules(), MICRO_DIGITS),
                carbon == null ? null : decimal(carbon, NANO_DIGITS),
                energy.method().name().toLowerCase(Locale.ROOT));
    }

    private static String decimal(long value, int digits) {
        return BigDecimal.valueOf(value, digits).stripTrailingZeros().toPlainString();
    }
}
