package dev.atrium.standalone.recommend;

import java.time.Duration;

/**
 * What one setting brought with so many callers.
 *
 * @param perSecond answered calls
 * @param meanBatch calls computed together; 0 where none was computed
 * @param cores that the node and its workers used
 * @param failures calls that were not answered with 200
 * @param failure one of them in words; empty without any
 */
record Point(
        int callers,
        double perSecond,
        Duration p50,
        Duration p99,
        double meanBatch,
        double cores,
        long failures,
        String failure) {}
