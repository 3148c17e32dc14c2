package dev.atrium.portal.pricing;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Prices as people type them: units of money, with up to six decimals. */
final class PriceText {
    private static final long LARGEST = 1_000_000_000_000_000L;
    private static final int MICRO_DIGITS = 6;
    private static final Pattern SEPARATORS = Pattern.compile("[,\\s\\u00a0\\u202f'’_]");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}(\\.\\d{1,6})?");

    private PriceText() {}

    /** Millionths; empty for what is no price. */
    static Optional<Long> parse(String text) {
        String digits = SEPARATORS.matcher(text.strip()).replaceAll("");
        if (!NUMBER.matcher(digits).matches()) {
            return Optional.empty();
        }
        long micros = new BigDecimal(digits).movePointRight(MICRO_DIGITS).longValueExact();
        return micros <= LARGEST ? Optional.of(micros) : Optional.empty();
    }
}
