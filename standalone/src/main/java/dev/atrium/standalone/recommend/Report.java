package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.standalone.recommend.Advice.Choice;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table, line by line as it is measured, and what is recommended and why. */
final class Report implements Recommendation.Listener {
    private static final String ROW = "%-42s %8d %10.1f %9.1f %9.1f %7.1f %6.1f%s%n";
    private static final int LONGEST_FAILURE = 300;

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void head() {
        out.printf(
                "%-42s %8s %10s %9s %9s %7s %6s%n",
                "setting", "callers", "calls/s", "p50 ms", "p99 ms", "batch", "cores");
    }

    @Override
    public void measured(String setting, Point point) {
        out.printf(
                Locale.ROOT,
                ROW,
                setting,
                point.callers(),
                point.perSecond(),
                millis(point.p50()),
                millis(point.p99()),
                point.meanBatch(),
                point.cores(),
                point.failures() == 0 ? "" : "  " + failed(point));
    }

    private static String failed(Point point) {
        String why = point.failure();
        String shown =
                why.length() > LONGEST_FAILURE ? why.substring(0, LONGEST_FAILURE) + "…" : why;
        return point.failures() + " failed: " + shown;
    }

    @Override
    public void leftOut(String setting, String why) {
        out.printf("%-42s left out: %s%n", setting, why);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    void recommend(Choice choice, List<Measured> all, Advice advice, @Nullable Duration wanted) {
        Point knee = choice.knee();
        out.println();
        out.printf(
                Locale.ROOT,
                "Recommended: %s: %.1f calls/s at %d callers, p50 %.1f ms, p99 %.1f ms%n",
                choice.setting().name(),
                knee.perSecond(),
                knee.callers(),
                millis(knee.p50()),
                millis(knee.p99()));
        if (wanted != null) {
            out.printf(Locale.ROOT, "  its p99 is within the wanted %.0f ms%n", millis(wanted));
        }
        choice.setting().points().stream()
                .filter(point -> point.callers() > knee.callers())
                .findFirst()
                .ifPresent(point -> beyond(knee, point));
        all.stream()
                .filter(measured -> measured != choice.setting())
                .forEach(other -> advice.knee(other).ifPresent(knee2 -> compare(knee, knee2)));
    }

    private void beyond(Point knee, Point next) {
        out.printf(
                Locale.ROOT,
                "  %d callers bring %+.0f %% and a p99 of %.1f ms%n",
                next.callers(),
                100 * (next.perSecond() / knee.perSecond() - 1),
                millis(next.p99()));
    }

    private void compare(Point knee, Choice other) {
        out.printf(
                Locale.ROOT,
                "  %s: %+.0f %% calls/s at its best, p99 %.1f ms at %d callers%n",
                other.setting().name(),
                100 * (other.knee().perSecond() / knee.perSecond() - 1),
                millis(other.knee().p99()),
                other.knee().callers());
    }

    void applied(Choice choice) {
        out.println("Applied: " + choice.setting().name());
    }

    void howToApply(Choice choice, String path) {
        out.println(
                "Nothing was changed. Ask again with --apply, or PATCH /api/v1"
                        + path
                        + " with "
                        + json(choice.setting().execution()));
    }

    /** Only what is said; the rest is the node's. */
    private static String json(Execution execution) {
        Batching batching = execution.wantedBatching();
        StringBuilder batches = new StringBuilder();
        if (!batching.joinsCalls()) {
            batches.append(", \"batching\": {\"enabled\": false}");
        } else if (batching.maxRows() != null) {
            batches.append(", \"batching\": {\"enabled\": true, \"maxRows\": ")
                    .append(batching.maxRows())
                    .append('}');
        }
        String threads =
                Optional.ofNullable(execution.threads()).map(String::valueOf).orElse("null");
        String instances =
                Optional.ofNullable(execution.instances()).map(String::valueOf).orElse("null");
        return "{\"execution\": {\"threads\": "
                + threads
                + ", \"instances\": "
                + instances
                + batches
                + "}}";
    }

    void nothing(@Nullable Duration wanted) {
        out.println();
        out.println(
                wanted == null
                        ? "No setting answered all calls."
                        : "No setting answered all calls with a p99 within "
                                + wanted.toMillis()
                                + " ms.");
    }
}
