package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.deployment.Execution;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among what was measured.
 *
 * <p>Of each setting the knee counts: the fewest callers that bring at least {@value #ENOUGH} of
 * the most that it brings within the wanted p99. Of the settings the one with the highest
 * throughput at its knee is chosen; among those within {@value #AS_GOOD} of it the one that needs
 * the fewest threads, and then the one with the shorter p99, because what measurements cannot tell
 * apart should not cost memory and cores.
 */
final class Advice {
    static final double ENOUGH = 0.9;
    static final double AS_GOOD = 0.95;

    /** A setting and its knee. */
    record Choice(Measured setting, Point knee) {}

    private final @Nullable Duration wanted;

    /**
     * @param wanted longest p99; null for any
     */
    Advice(@Nullable Duration wanted) {
        this.wanted = wanted;
    }

    /** Empty when no setting answers all calls in time. */
    Optional<Choice> of(List<Measured> settings) {
        List<Choice> choices =
                settings.stream().flatMap(setting -> knee(setting).stream()).toList();
        double best = choices.stream().mapToDouble(c -> c.knee().perSecond()).max().orElse(0);
        return choices.stream()
                .filter(choice -> choice.knee().perSecond() >= AS_GOOD * best)
                .min(
                        Comparator.comparingInt((Choice c) -> threads(c.setting().execution()))
                                .thenComparing(c -> c.knee().p99()));
    }

    Optional<Choice> knee(Measured setting) {
        List<Point> good = setting.points().stream().filter(this::isGood).toList();
        double most = good.stream().mapToDouble(Point::perSecond).max().orElse(0);
        return good.stream()
                .filter(point -> point.perSecond() >= ENOUGH * most)
                .min(Comparator.comparingInt(Point::callers))
                .map(point -> new Choice(setting, point));
    }

    private boolean isGood(Point point) {
        return point.failures() == 0
                && point.perSecond() > 0
                && (wanted == null || point.p99().compareTo(wanted) <= 0);
    }

    /** What a setting does not say is the node's: two instances of a thread. */
    private static int threads(Execution execution) {
        int threads = execution.threads() == null ? 1 : execution.threads();
        int instances = execution.instances() == null ? 2 : execution.instances();
        return threads * instances;
    }
}
