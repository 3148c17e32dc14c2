package dev.atrium.bench;

import java.util.ArrayList;
import java.util.List;

/** A line through samples over time, by least squares. */
final class Trend {
    private static final double HOUR = 3.6e12;

    private final List<double[]> samples = new ArrayList<>();

    void add(long nanos, double value) {
        samples.add(new double[] {nanos / HOUR, value});
    }

    double first() {
        return samples.getFirst()[1];
    }

    double last() {
        return samples.getLast()[1];
    }

    double percentPerHour() {
        return slope() / mean(1) * 100;
    }

    double errorPercentPerHour() {
        double residue = 0;
        for (double[] sample : samples) {
            double expected = mean(1) + slope() * (sample[0] - mean(0));
            residue += (sample[1] - expected) * (sample[1] - expected);
        }
        return Math.sqrt(residue / Math.max(1, samples.size() - 2) / spread()) / mean(1) * 100;
    }

    private double slope() {
        double together = 0;
        for (double[] sample : samples) {
            together += (sample[0] - mean(0)) * (sample[1] - mean(1));
        }
        return together / spread();
    }

    private double spread() {
        return samples.stream()
                .mapToDouble(sample -> (sample[0] - mean(0)) * (sample[0] - mean(0)))
                .sum();
    }

    private double mean(int column) {
        return samples.stream().mapToDouble(sample -> sample[column]).average().orElse(0);
    }
}
