package dev.atrium.portal.quota;

import dev.atrium.registry.api.quota.Unit;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Amounts as people type them: with separators of thousands or without. Compute time and sound are
 * typed in seconds and kept in milliseconds, money in its unit and kept in millionths, storage in
 * megabytes and kept in bytes; everything else is a whole number.
 */
final class AmountText {
    /** The most that the registry takes. */
    static final long LARGEST = 1_000_000_000_000_000L;

    private static final int MILLI_DIGITS = 3;
    private static final int MICRO_DIGITS = 6;
    private static final Pattern SEPARATORS = Pattern.compile("[,\\s\\u00a0\\u202f'’_]");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,16}(\\.\\d{1,6})?");

    private AmountText() {}

    /** Empty for what is no amount of this unit. */
    static OptionalLong parse(String text, Unit unit) {
        String digits = SEPARATORS.matcher(text.strip()).replaceAll("");
        if (!NUMBER.matcher(digits).matches()) {
            return OptionalLong.empty();
        }
        BigDecimal value = new BigDecimal(digits).movePointRight(decimals(unit));
        boolean isWhole = value.stripTrailingZeros().scale() <= 0;
        boolean isKnown = digits.indexOf('.') < 0 || decimals(unit) > 0;
        return isWhole && isKnown && value.compareTo(BigDecimal.valueOf(LARGEST)) <= 0
                ? OptionalLong.of(value.longValueExact())
                : OptionalLong.empty();
    }

    static String format(long amount, Unit unit, Locale locale) {
        NumberFormat format = NumberFormat.getNumberInstance(locale);
        format.setMaximumFractionDigits(decimals(unit));
        return format.format(BigDecimal.valueOf(amount, decimals(unit)));
    }

    private static int decimals(Unit unit) {
        return switch (unit) {
            case COMPUTE_MILLIS, AUDIO_MILLIS -> MILLI_DIGITS;
            // Typed in megabytes.
            case COST_MICROS, STORED_BYTES -> MICRO_DIGITS;
            case REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS, TOKENS, CONCURRENCY, IMAGES -> 0;
        };
    }
}
