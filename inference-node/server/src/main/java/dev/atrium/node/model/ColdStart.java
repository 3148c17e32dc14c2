package dev.atrium.node.model;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What calls do for a copy that is not in memory: they have it loaded, once however many they are,
 * and may wait for it.
 */
final class ColdStart {
    /** Of a copy that was never loaded here. */
    private static final Duration FIRST_GUESS = Duration.ofSeconds(5);

    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    private volatile CompletableFuture<Void> call = new CompletableFuture<>();
    private volatile long begunAt;
    private volatile boolean isLoading;
    private volatile Duration lastLoad = FIRST_GUESS;

    /** A call came. */
    void call() {
        call.complete(null);
    }

    boolean isCalled() {
        return call.isDone();
    }

    /** Completes when the next call comes. */
    CompletableFuture<Void> nextCall() {
        return call;
    }

    /** The copy has its room and is being loaded. */
    void begins() {
        begunAt = System.nanoTime();
        isLoading = true;
    }

    /** It has come to nothing this time. */
    void fails() {
        isLoading = false;
    }

    /** The copy takes calls. */
    void succeeds() {
        lastLoad = Duration.ofNanos(System.nanoTime() - begunAt);
        isLoading = false;
        forget();
    }

    /** Calls that came before are no reason to load it again. */
    void forget() {
        call = new CompletableFuture<>();
    }

    /** How long it will be, by the last time. */
    Duration expected() {
        if (!isLoading) {
            return lastLoad;
        }
        Duration left = lastLoad.minusNanos(System.nanoTime() - begunAt);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Runs {@code told} when there is news, again and again.
     *
     * @return ends that
     */
    Runnable whenNews(Runnable told) {
        waiting.add(told);
        return () -> waiting.remove(told);
    }

    /** The copy takes calls, or never will. */
    void tell() {
        waiting.forEach(Runnable::run);
    }
}
