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
    private static final String[] JOULE_UNITS = {"µJ", "mJ", "J", "kJ", "MJ"};
    private static final String[] GRAM_UNITS = {"ng", "µg", "mg", "g", "kg", "t"};

    private static final int MILLI_DIGITS = 3;
    private static final int MICRO_DIGITS = 6;
    private static final double JOULES_PER_KWH = 3_600_000;

    private Amounts() {}

    /** Bytes in powers of 1,000 with at most one decimal: {@code 22.6 MB}. */
    public static String bytes(long bytes, Locale locale) {
        return scaled(bytes, BYTE_UNITS, locale);
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

    /** Seconds to the millisecond, however many: {@code 3,661.5 s}. */
    public static String seconds(long millis, Locale locale) {
        return rounded(BigDecimal.valueOf(millis, MILLI_DIGITS), MILLI_DIGITS, locale) + " s";
    }

    /** Money as small as a call can cost: {@code €0.001234}, {@code €12.50}. */
    public static String money(long micros, String currency, Locale locale) {
        NumberFormat format = NumberFormat.getCurrencyInstance(locale);
        format.setCurrency(Currency.getInstance(currency));
        format.setMaximumFractionDigits(MICRO_DIGITS);
        return format.format(BigDecimal.valueOf(micros, MICRO_DIGITS));
    }

    /** Electricity by its size: {@code 12.3 mJ}, {@code 1.8 J}, {@code 2.6 kWh}. */
    public static String energy(long microjoules, Locale locale) {
        double joules = microjoules / 1e6;
        if (joules >= JOULES_PER_KWH) {
            return rounded(joules / JOULES_PER_KWH, 1, locale) + " kWh";
        }
        return scaled(microjoules, JOULE_UNITS, locale);
    }

    /** A mass by its size: {@code 840 ng}, {@code 12.3 mg}, {@code 1.8 kg}. */
    public static String mass(long nanograms, Locale locale) {
        return scaled(nanograms, GRAM_UNITS, locale);
    }

    private static String scaled(double value, String[] units, Locale locale) {
        int unit = 0;
        double left = value;
        while (Math.abs(left) >= 999.95 && unit < units.length - 1) {
            left /= 1000;
            unit++;
        }
        return rounded(left, unit == 0 ? 0 : 1, locale) + " " + units[unit];
    }

    private static String rounded(double value, int decimals, Locale locale) {
        return rounded(BigDecimal.valueOf(value), decimals, locale);
    }

    private static String rounded(BigDecimal value, int decimals, Locale locale) {
        NumberFormat format = NumberFormat.getNumberInstance(locale);
        format.setMaximumFractionDigits(decimals);
        return format.format(value.setScale(decimals, RoundingMode.HALF_UP));
    }
}
