package dev.atrium.bench;

import java.util.ArrayList;
import java.util.List;

/** A line through samples over time, by least squares. */
final class Trend {
    private static final double HOUR = 3.6e12;

    private record Sample(double hours, double value) {}

    private final List<Sample> samples = new ArrayList<>();

    /** What is worked out of all samples at once. */
    private record Line(double hours, double value, double slope, double spread) {}

    void add(long nanos, double value) {
        samples.add(new Sample(nanos / HOUR, value));
    }

    double first() {
        return samples.getFirst().value();
    }

    double last() {
        return samples.getLast().value();
    }

    double percentPerHour() {
        Line line = line();
        return line.slope() / line.value() * 100;
    }

    double errorPercentPerHour() {
        Line line = line();
        double residue = 0;
        for (Sample sample : samples) {
            double expected = line.value() + line.slope() * (sample.hours() - line.hours());
            residue += (sample.value() - expected) * (sample.value() - expected);
        }
        double variance = residue / Math.max(1, samples.size() - 2);
        return Math.sqrt(variance / line.spread()) / line.value() * 100;
    }

    private Line line() {
        double hours = samples.stream().mapToDouble(Sample::hours).average().orElseThrow();
        double value = samples.stream().mapToDouble(Sample::value).average().orElseThrow();
        double spread = 0;
        double together = 0;
        for (Sample sample : samples) {
            double off = sample.hours() - hours;
            spread += off * off;
            together += off * (sample.value() - value);
        }
        return new Line(hours, value, together / spread, spread);
    }
}
