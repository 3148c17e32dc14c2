package dev.atrium.node.api;

import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.Media;

/**
 * What a natural input can hold at most, known without reading it. Gateways reserve it and nodes
 * believe their workers no more, so no call uses more than it has reserved.
 */
public final class MediaBounds {
    private MediaBounds() {}

    /**
     * @param bytes of the input, with the form around it if it came in one
     */
    public static Media of(Task task, long bytes) {
        return switch (task) {
            case IMAGE_CLASSIFICATION -> new Media(1, 0);
            case TEXT_EMBEDDING, TEXT_GENERATION, TENSORS, TEXT_CLASSIFICATION, TABULAR ->
                    Media.NONE;
        };
    }
}
