package dev.atrium.registry.usage.report;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lines as RFC 4180 has them. A text that a spreadsheet would take for a formula is preceded by an
 * apostrophe, which makes it text there.
 */
final class Csv {
    private static final String FORMULA = "=+-@\t\r";
    private static final String QUOTED = ",\"\r\n";

    private final Appendable target;

    Csv(Appendable target) {
        this.target = target;
    }

    /** Null is an empty cell. */
    void line(List<? extends @Nullable Object> cells) throws IOException {
        target.append(cells.stream().map(Csv::cell).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        // Not every spreadsheet reads an exponent.
        String text =
                value instanceof BigDecimal number ? number.toPlainString() : value.toString();
        if (!(value instanceof Number) && !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        boolean quoted = text.chars().anyMatch(c -> QUOTED.indexOf(c) >= 0);
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
