package dev.atrium.node.api;

import dev.atrium.registry.api.catalog.Task;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Media types of the natural inputs of tasks. */
public final class NaturalTypes {
    public static final String TEXT = "text/plain";
    public static final String JSON = "application/json";
    public static final String FORM = "multipart/form-data";
    private static final String ANYTHING = "application/octet-stream";

    /** Of types that were never registered, or late. */
    private static final Map<String, String> OTHER_NAMES =
            Map.of(
                    "audio/x-wav", "audio/wav",
                    "audio/wave", "audio/wav",
                    "audio/vnd.wave", "audio/wav",
                    "audio/x-flac", "audio/flac");

    private NaturalTypes() {}

    /** What a task takes; nothing where it predicts nothing. */
    public static List<String> of(Task task) {
        return switch (task) {
            case TEXT_CLASSIFICATION -> List.of(TEXT);
            case IMAGE_CLASSIFICATION -> List.of("image/jpeg", "image/png");
            case TABULAR -> List.of(JSON);
            case AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION ->
                    List.of("audio/wav", "audio/flac");
            case TEXT_EMBEDDING, TEXT_GENERATION, TENSORS -> List.of();
        };
    }

    /**
     * Whether a {@code Content-Type} may be the task's input; one that says nothing may.
     *
     * @param contentType with or without parameters; null for none
     */
    public static boolean accepts(Task task, @Nullable String contentType) {
        String type = bare(contentType);
        return type.isEmpty()
                || type.equals(ANYTHING)
                || of(task).contains(OTHER_NAMES.getOrDefault(type, type));
    }

    /** The type without its parameters, in lower case; empty for none. */
    public static String bare(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    /** For refusals: what to send instead. */
    public static String words(Task task) {
        return String.join(" or ", of(task));
    }
}
