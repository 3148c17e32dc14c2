package dev.atrium.node.worker;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How model workers are started and bounded.
 *
 * @param runtimeDir where sockets and scratch folders live; short, because a socket's path has at
 *     most 107 bytes
 * @param nativeDir where native libraries are unpacked once for all workers
 * @param platformDir where files of the platform's models are linked for the worker they share; on
 *     the disk of the model cache
 * @param startTimeout longest wait for a new worker to connect
 * @param loadTimeout longest time to load and warm up a model, after which its worker is killed
 * @param cancelGrace how long a worker may go on with a cancelled or late call before it is killed
 * @param maxHead largest part of a message that is JSON
 * @param maxFrame largest message between supervisor and worker
 * @param heap most Java heap of a worker; tensors and models live outside it
 * @param threads threads that one computation may use; 0 for as many as there are cores, at most 4
 * @param parallel batches of one model that are computed at the same time: its instances; 0 for as
 *     many as use the cores with these threads
 * @param generationThreads threads of a GGUF model; 0 for one fewer than there are cores, at least
 *     1 and at most 4
 * @param gpus GPUs that models may be deployed on, for which the engines' libraries must be built
 * @param slots generations of one model at the same time
 * @param maxQueued calls of one model that may wait for a turn; one tenant alone takes half of it
 * @param maxQueuedBytes input of the calls that may wait, likewise
 */
@Validated
@ConfigurationProperties("atrium.node.worker")
record WorkerProperties(
        @NotNull @DefaultValue("/tmp") Path runtimeDir,
        @NotNull @DefaultValue("./data/native") Path nativeDir,
        @NotNull @DefaultValue("./data/platform") Path platformDir,
        @NotNull @DefaultValue("30s") Duration startTimeout,
        @NotNull @DefaultValue("120s") Duration loadTimeout,
        @NotNull @DefaultValue("2s") Duration cancelGrace,
        @NotNull @DefaultValue("16MB") DataSize maxHead,
        @NotNull @DefaultValue("256MB") DataSize maxFrame,
        @NotNull @DefaultValue("256MB") DataSize heap,
        @PositiveOrZero @DefaultValue("0") int threads,
        @PositiveOrZero @DefaultValue("0") int parallel,
        @PositiveOrZero @DefaultValue("0") int generationThreads,
        @Positive @DefaultValue("2") int slots,
        @PositiveOrZero @DefaultValue("0") int gpus,
        @Positive @DefaultValue("512") int maxQueued,
        @NotNull @DefaultValue("64MB") DataSize maxQueuedBytes) {
    /**
     * Encoders gain from them up to about here; beyond it another batch at the same time is better.
     */
    private static final int MOST_THREADS = 4;

    WorkerProperties {
        int cores = Runtime.getRuntime().availableProcessors();
        threads = threads == 0 ? threadsOn(cores) : threads;
        generationThreads = generationThreads == 0 ? generationThreadsOn(cores) : generationThreads;
        parallel = parallel == 0 ? instancesOn(cores, threads) : parallel;
    }

    static int threadsOn(int cores) {
        return Math.min(cores, MOST_THREADS);
    }

    /**
     * The threads of llama.cpp wait for each other many times a token: where one of them has no
     * core for a moment, all stand still. With two on two cores it is half as fast as with one.
     */
    static int generationThreadsOn(int cores) {
        return Math.clamp(cores - 1, 1, MOST_THREADS);
    }

    static int instancesOn(int cores, int threads) {
        return Math.max(1, cores / threads);
    }
}
