package dev.atrium.portal.gateway;

import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.Task;
import org.jspecify.annotations.Nullable;

/** Commands to paste into a shell, against the gateway's public address. */
public final class Curl {
    /** Stands for the key where none is shown; the shell replaces it. */
    public static final String KEY_VARIABLE = "$ATRIUM_API_KEY";

    private static final String NEXT_LINE = " \\\n  ";

    private Curl() {}

    /** A small call that suits the model; the list of models when there is none to call. */
    public static String example(String gateway, String key, @Nullable Model model) {
        if (model == null) {
            return get(gateway + "/v1/models", key);
        }
        String name = model.name().toString();
        return switch (model.task()) {
            case TEXT_EMBEDDING ->
                    post(
                            gateway + "/v1/embeddings",
                            key,
                            """
                            {"model": "%s", "input": "Hello, Atrium"}\
                            """
                                    .formatted(name));
            case TEXT_GENERATION ->
                    post(
                            gateway + "/v1/chat/completions",
                            key,
                            """
                            {"model": "%s", "messages": [{"role": "user", "content": "Hello"}]}\
                            """
                                    .formatted(name));
            case TEXT_CLASSIFICATION,
                    IMAGE_CLASSIFICATION,
                    TABULAR,
                    AUDIO_CLASSIFICATION,
                    AUTOMATIC_SPEECH_RECOGNITION ->
                    predict(
                            gateway + GatewayClient.predictPath(model.name(), null),
                            key,
                            model.task(),
                            "");
            case TENSORS -> get(gateway + "/v2/models/" + name, key);
        };
    }

    /** A POST of a JSON body. */
    public static String post(String url, String key, String body) {
        return post(url, key, "application/json", "-d", body);
    }

    private static String post(String url, String key, String type, String option, String body) {
        return "curl "
                + url
                + NEXT_LINE
                + authorization(key)
                + NEXT_LINE
                + "-H 'Content-Type: "
                + type
                + "'"
                + NEXT_LINE
                + option
                + " "
                + quoted(body);
    }

    /**
     * The natural input of a task.
     *
     * @param input a text or rows; empty for an example
     */
    public static String predict(String url, String key, Task task, String input) {
        return switch (task) {
            case TEXT_CLASSIFICATION -> {
                String text = input.isEmpty() ? "What a lovely day" : input;
                yield post(url, key, "text/plain", "--data-raw", text);
            }
            case TABULAR -> post(url, key, input.isEmpty() ? "@rows.json" : input);
            case AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION ->
                    put("recording.wav", url, key);
            case IMAGE_CLASSIFICATION, TEXT_EMBEDDING, TEXT_GENERATION, TENSORS ->
                    put("cat.png", url, key);
        };
    }

    private static String put(String file, String url, String key) {
        return "curl -T " + file + " " + url + NEXT_LINE + authorization(key);
    }

    private static String get(String url, String key) {
        return "curl " + url + NEXT_LINE + authorization(key);
    }

    /** In double quotes, so that a variable in place of the key is replaced. */
    private static String authorization(String key) {
        return "-H \"Authorization: Bearer " + key + "\"";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
