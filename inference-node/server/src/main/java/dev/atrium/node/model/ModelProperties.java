package dev.atrium.node.model;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Cache and life of the copies on this node.
 *
 * @param cacheDir files by digest, sealed with the node's key
 * @param openedDir where files lie readable while a worker loads them; in memory ({@code tmpfs}) no
 *     plain byte of a model reaches a disk
 * @param maxCache size above which files that no placement names are removed, oldest first
 * @param stallTimeout how long a download may stand still
 * @param placementsFile what this node was told to hold, so that a restart need not wait
 * @param maxDeaths deaths of a worker while loading or warming up after which a copy has FAILED
 * @param firstBackOff pause after the first death or failed download; doubles each time
 * @param longestBackOff where the doubling ends
 * @param aside how long a tenant whose calls a worker died under keeps a worker of its own
 * @param leastStay how long a copy must not have been called before it may be unloaded for another
 * @param drainTimeout how long calls of a copy that is not wanted any more may go on
 */
@Validated
@ConfigurationProperties("atrium.node.model")
record ModelProperties(
        @NotNull @DefaultValue("./data/models") Path cacheDir,
        @NotNull @DefaultValue("./data/opened") Path openedDir,
        @NotNull @DefaultValue("20GB") DataSize maxCache,
        @NotNull @DefaultValue("30s") Duration stallTimeout,
        @NotNull @DefaultValue("./data/placements.json") Path placementsFile,
        @Positive @DefaultValue("3") int maxDeaths,
        @NotNull @DefaultValue("250ms") Duration firstBackOff,
        @NotNull @DefaultValue("30s") Duration longestBackOff,
        @NotNull @DefaultValue("10m") Duration aside,
        @NotNull @DefaultValue("1m") Duration leastStay,
        @NotNull @DefaultValue("30s") Duration drainTimeout) {

    /** A worker that lived this long did not die of what killed the one before. */
    static final Duration STABLE = Duration.ofMinutes(1);

    Duration backOff(int failures) {
        Duration pause = firstBackOff.multipliedBy(1L << Math.min(20, failures - 1));
        return pause.compareTo(longestBackOff) < 0 ? pause : longestBackOff;
    }
}
