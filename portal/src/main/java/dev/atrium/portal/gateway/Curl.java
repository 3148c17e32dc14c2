package dev.atrium.portal.gateway;

import dev.atrium.registry.api.catalog.Model;
import org.jspecify.annotations.Nullable;

/** Commands to paste into a shell, against the gateway's public address. */
public final class Curl {
    private Curl() {}

    /** A small call that suits the model; the list of models when there is none to call. */
    public static String example(String gateway, String key, @Nullable Model model) {
        if (model == null) {
            return "curl "
                    + gateway
                    + "/v1/models \\\n  -H "
                    + quoted("Authorization: Bearer " + key);
        }
        String name = model.name().toString();
        return switch (model.task()) {
            case TEXT_EMBEDDING ->
                    post(
                            gateway + "/v1/embeddings",
                            key,
                            "{\"model\": \"" + name + "\", \"input\": \"Hello, Atrium\"}");
            case TEXT_GENERATION ->
                    post(
                            gateway + "/v1/chat/completions",
                            key,
                            "{\"model\": \""
                                    + name
                                    + "\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}");
            case TENSORS ->
                    "curl "
                            + gateway
                            + "/v2/models/"
                            + name
                            + " \\\n  -H "
                            + quoted("Authorization: Bearer " + key);
        };
    }

    /** A POST of a JSON body. */
    public static String post(String url, String key, String body) {
        return "curl "
                + url
                + " \\\n  -H "
                + quoted("Authorization: Bearer " + key)
                + " \\\n  -H 'Content-Type: application/json' \\\n  -d "
                + quoted(body);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
