package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.deployment.Execution;
import java.util.List;

/**
 * What one setting brought.
 *
 * @param name for people
 * @param points by rising number of callers
 */
record Measured(String name, Execution execution, List<Point> points) {
    Measured {
        points = List.copyOf(points);
    }
}
