package dev.atrium.node.engine;

import dev.atrium.registry.api.catalog.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Several copies of one tensor model, each of which computes one call at a time with threads of its
 * own. Copies take turns, so that as many calls in a row touch all of them.
 */
final class Copies implements LoadedModel {
    private static final long LOOK_MILLIS = 50;

    private final List<LoadedModel> all;
    private final BlockingQueue<LoadedModel> idle;

    private Copies(List<LoadedModel> all) {
        this.all = all;
        this.idle = new LinkedBlockingQueue<>(all);
    }

    /** The model itself where one copy is enough. */
    static LoadedModel of(int count, Supplier<LoadedModel> loader) {
        if (count == 1) {
            return loader.get();
        }
        List<LoadedModel> loaded = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                loaded.add(loader.get());
            }
            return new Copies(List.copyOf(loaded));
        } catch (RuntimeException e) {
            loaded.forEach(LoadedModel::close);
            throw e;
        }
    }

    @Override
    public Signature signature() {
        return all.getFirst().signature();
    }

    @Override
    public void infer(
            List<Tensor> inputs,
            List<String> outputs,
            Cancellation cancellation,
            Consumer<List<Tensor>> results) {
        LoadedModel copy = take(cancellation);
        try {
            copy.infer(inputs, outputs, cancellation, results);
        } finally {
            idle.add(copy);
        }
    }

    private LoadedModel take(Cancellation cancellation) {
        try {
            LoadedModel copy = idle.poll();
            while (copy == null) {
                cancellation.throwIfCancelled();
                copy = idle.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
            return copy;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineException.cancelled();
        }
    }

    @Override
    public void close() {
        all.forEach(LoadedModel::close);
    }
}
