package dev.atrium.portal.design;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.Duration;
import java.util.Currency;
import java.util.Locale;

/** Sizes, counts and durations as people read them. */
public final class Amounts {
    private static final String[] BYTE_UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

    private static final int MICRO_DIGITS = 6;

    private Amounts() {}

    /** Bytes in powers of 1,000 with at most one decimal: {@code 22.6 MB}. */
    public static String bytes(long bytes, Locale locale) {
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 999.95 && unit < BYTE_UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return rounded(value, unit == 0 ? 0 : 1, locale) + " " + BYTE_UNITS[unit];
    }

    /** The exact number with the language's grouping. */
    public static String count(long count, Locale locale) {
        return NumberFormat.getIntegerInstance(locale).format(count);
    }

    /** A large number short enough for a tile: {@code 12.4k}, {@code 3.1M}. */
    public static String compact(long count, Locale locale) {
        if (Math.abs(count) < 10_000) {
            return count(count, locale);
        }
        double value = count / 1000.0;
        String[] units = {"k", "M", "G", "T"};
        int unit = 0;
        while (Math.abs(value) >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return rounded(value, 1, locale) + units[unit];
    }

    public static String percent(double share, Locale locale) {
        NumberFormat format = NumberFormat.getPercentInstance(locale);
        format.setMaximumFractionDigits(1);
        return format.format(share);
    }

    /**
     * A duration by its size: {@code 840 µs}, {@code 12.3 ms}, {@code 1.8 s}, {@code 4 min}, {@code
     * 2.6 h}.
     */
    public static String duration(Duration duration, Locale locale) {
        double micros = duration.toNanos() / 1000.0;
        if (micros < 1000) {
            return rounded(micros, 0, locale) + " µs";
        }
        if (micros < 1_000_000) {
            return rounded(micros / 1000, 1, locale) + " ms";
        }
        if (micros < 120_000_000) {
            return rounded(micros / 1_000_000, 1, locale) + " s";
        }
        return micros < 7_200_000_000.0
                ? rounded(micros / 60_000_000, 0, locale) + " min"
                : rounded(micros / 3_600_000_000.0, 1, locale) + " h";
    }

    /** Money as small as a call can cost: {@code €0.001234}, {@code €12.50}. */
    public static String money(long micros, String currency, Locale locale) {
        NumberFormat format = NumberFormat.getCurrencyInstance(locale);
        format.setCurrency(Currency.getInstance(currency));
        format.setMaximumFractionDigits(MICRO_DIGITS);
        return format.format(BigDecimal.valueOf(micros, MICRO_DIGITS));
    }

    private static String rounded(double value, int decimals, Locale locale) {
        NumberFormat format = NumberFormat.getNumberInstance(locale);
        format.setMaximumFractionDigits(decimals);
        return format.format(BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP));
    }
}
