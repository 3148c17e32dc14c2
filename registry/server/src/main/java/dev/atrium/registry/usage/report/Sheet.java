package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.CarbonSum;
import dev.atrium.registry.api.usage.EnergySum;
import dev.atrium.registry.error.InvalidRequestException;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report as a table: a line per group and currency. */
final class Sheet {
    private static final int PIECE = 5_000;
    private static final int MOST_LINES = 1_000_000;
    private static final int MILLI_DIGITS = 3;
    private static final int MICRO_DIGITS = 6;
    private static final int NANO_DIGITS = 9;

    /** Takes one line. */
    @FunctionalInterface
    interface Sink {
        void take(Line line) throws IOException;
    }

    private Sheet() {}

    static String fileName(String what, Report report) {
        return "%s-%s-%s.csv"
                .formatted(what, day(report, report.zone()), lastDay(report, report.zone()));
    }

    private static LocalDate day(Report report, ZoneId zone) {
        return LocalDate.ofInstant(report.from(), zone);
    }

    private static LocalDate lastDay(Report report, ZoneId zone) {
        return LocalDate.ofInstant(report.to().minusNanos(1), zone);
    }

    static void write(Report report, Lines lines, Csv csv) throws IOException {
        csv.line(header(report));
        each(lines, line -> csv.line(cells(report, line)));
    }

    /** All lines, some at a time. */
    static void each(Lines lines, Sink sink) throws IOException {
        List<String> position = List.of();
        int count = 0;
        List<Line> read;
        do {
            read = lines.read(position, PIECE);
            count += read.size();
            if (count > MOST_LINES) {
                throw new InvalidRequestException(
                        "this has more than "
                                + MOST_LINES
                                + " lines; ask for less time or fewer groups");
            }
            for (Line line : read) {
                sink.take(line);
                position = line.position();
            }
        } while (read.size() == PIECE);
    }

    /** Empty where there was no price. */
    static @Nullable BigDecimal cost(Line line) {
        return line.currency().isEmpty() ? null : money(line.costMicros());
    }

    static BigDecimal money(long micros) {
        return BigDecimal.valueOf(micros, MICRO_DIGITS);
    }

    /** Empty where no call has a figure. */
    static @Nullable BigDecimal joules(Line line) {
        EnergySum energy = line.energy();
        return energy == null ? null : BigDecimal.valueOf(energy.microjoules(), MICRO_DIGITS);
    }

    /** Empty where no call has a figure. */
    static @Nullable BigDecimal grams(Line line) {
        CarbonSum carbon = line.carbon();
        return carbon == null ? null : BigDecimal.valueOf(carbon.nanograms(), NANO_DIGITS);
    }

    /** Empty where it is known of no call. */
    static @Nullable Long cachedTokens(Line line) {
        CachedInput cached = line.cachedInput();
        return cached == null ? null : cached.tokens();
    }

    static BigDecimal audioSeconds(Line line) {
        return BigDecimal.valueOf(line.media().audioMillis(), MILLI_DIGITS);
    }

    private static List<String> header(Report report) {
        List<String> header = new ArrayList<>();
        for (Part part : report.parts()) {
            switch (part) {
                case HOUR, DAY -> header.addAll(List.of("begin", "end"));
                case TENANT, PROJECT -> header.add(part.name().toLowerCase(Locale.ROOT) + "_id");
                case PRINCIPAL_KIND, PRINCIPAL_ID, MODEL, VERSION, OPERATION, LABEL, CURRENCY ->
                        header.add(part.name().toLowerCase(Locale.ROOT));
            }
        }
        header.addAll(
                List.of(
                        "calls",
                        "failed_calls",
                        "input_tokens",
                        "output_tokens",
                        "compute_micros",
                        "cost",
                        "currency",
                        "energy_calls",
                        "energy_j",
                        "gco2e_calls",
                        "gco2e",
                        "cached_input_calls",
                        "cached_input_tokens",
                        "images",
                        "audio_seconds"));
        return header;
    }

    private static List<@Nullable Object> cells(Report report, Line line) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int i = 0; i < report.parts().size(); i++) {
            Part part = report.parts().get(i);
            if (part == Part.HOUR || part == Part.DAY) {
                cells.add(report.begin(line.key()));
                cells.add(report.end(report.begin(line.key())));
            } else {
                cells.add(line.key().get(i));
            }
        }
        cells.add(line.calls());
        cells.add(line.failedCalls());
        cells.add(line.inputTokens());
        cells.add(line.outputTokens());
        cells.add(line.computeMicros());
        cells.add(cost(line));
        cells.add(line.currency());
        cells.add(line.energyCalls());
        cells.add(joules(line));
        cells.add(line.carbonCalls());
        cells.add(grams(line));
        cells.add(line.cachedCalls());
        cells.add(cachedTokens(line));
        cells.add(line.media().images());
        cells.add(audioSeconds(line));
        return cells;
    }
}
