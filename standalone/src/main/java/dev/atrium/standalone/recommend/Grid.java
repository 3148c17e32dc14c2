package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Execution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is tried.
 *
 * @param shapes threads and instances, each of which loads the model once
 * @param batchings tried with each of them; null is nothing said
 * @param callers at the same time, rising
 */
record Grid(List<Shape> shapes, List<@Nullable Batching> batchings, List<Integer> callers) {
    /** Threads of a computation, and computations at the same time. */
    record Shape(int threads, int instances) {}

    Grid {
        shapes = List.copyOf(shapes);
        callers = List.copyOf(callers);
    }

    /** From one thread to all cores, in one computation or in several. */
    static Grid forCores(int cores, Framework framework) {
        List<Shape> shapes = new ArrayList<>();
        shapes.add(new Shape(1, 1));
        if (cores > 1) {
            shapes.add(new Shape(1, Math.min(cores, 16)));
            shapes.add(new Shape(Math.min(cores, 64), 1));
        }
        if (cores > 3) {
            shapes.add(new Shape(2, Math.min(cores / 2, 16)));
        }
        List<@Nullable Batching> batchings = new ArrayList<>();
        if (framework == Framework.GGUF) {
            batchings.add(null);
        } else {
            batchings.add(new Batching(false, null, null, null, null));
            batchings.add(new Batching(true, 8, null, null, null));
            batchings.add(new Batching(true, 32, null, null, null));
        }
        return new Grid(shapes, batchings, List.of(1, 4, 16, 64));
    }

    /** In an order that loads the model as seldom as can be. */
    Map<String, Execution> settings(Execution former) {
        Map<String, Execution> settings = new LinkedHashMap<>();
        for (Shape shape : shapes) {
            for (Batching batching : batchings) {
                String name =
                        "threads "
                                + shape.threads()
                                + ", instances "
                                + shape.instances()
                                + words(batching);
                settings.put(
                        name,
                        new Execution(
                                shape.threads(),
                                shape.instances(),
                                former.device(),
                                former.precision(),
                                batching));
            }
        }
        return settings;
    }

    private static String words(@Nullable Batching batching) {
        if (batching == null) {
            return "";
        }
        return batching.joinsCalls() ? ", batches of " + batching.maxRows() : ", no batches";
    }
}
