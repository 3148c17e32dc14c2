package dev.atrium.node.api;

import dev.atrium.registry.api.catalog.AudioSettings;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.usage.Media;

/**
 * What a natural input can hold at most, known without reading it. Gateways reserve it where they
 * know nothing better, and nodes believe their workers no more.
 */
public final class MediaBounds {
    private MediaBounds() {}

    /**
     * @param settings of the version, which say how long a recording may be
     */
    public static Media of(Task task, VersionSettings settings) {
        return switch (task) {
            case IMAGE_CLASSIFICATION -> new Media(1, 0);
            case AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION ->
                    new Media(0, 1_000L * AudioSettings.longestSeconds(settings.audio()));
            case TEXT_EMBEDDING, TEXT_GENERATION, TENSORS, TEXT_CLASSIFICATION, TABULAR ->
                    Media.NONE;
        };
    }
}
