package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.catalog.ModelName;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a recommendation is asked for.
 *
 * @param version null for the one that is called by name
 * @param requests file of requests; null for made-up ones
 * @param p99 longest that one call of a hundred may exceed; null for any
 * @param time of each measurement
 * @param apply whether the deployment is left with what is recommended
 */
public record RecommendWish(
        ModelName model,
        @Nullable Integer version,
        @Nullable Path requests,
        @Nullable Duration p99,
        Duration time,
        boolean apply) {}
