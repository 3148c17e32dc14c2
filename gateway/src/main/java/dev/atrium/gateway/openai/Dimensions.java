package dev.atrium.gateway.openai;

import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.feed.FeedVersion;
import java.util.List;
import java.util.OptionalInt;

/** The length of a version's embeddings, where its signature says. */
final class Dimensions {
    private Dimensions() {}

    static OptionalInt of(FeedVersion version) {
        List<TensorSpec> outputs = version.signature().outputs();
        if (outputs.size() != 1 || outputs.getFirst().shape().isEmpty()) {
            return OptionalInt.empty();
        }
        long last = outputs.getFirst().shape().getLast();
        return last > 0 ? OptionalInt.of((int) last) : OptionalInt.empty();
    }
}
