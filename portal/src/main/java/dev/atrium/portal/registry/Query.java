package dev.atrium.portal.registry;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds a path with its query string. */
final class Query {
    private final StringBuilder text;
    private char separator = '?';

    private Query(String path) {
        this.text = new StringBuilder(path);
    }

    static Query of(String path) {
        return new Query(path);
    }

    static String part(String pathPart) {
        return URLEncoder.encode(pathPart, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Adds the parameter unless it is null or blank. */
    Query with(String name, @Nullable Object value) {
        if (value != null && !value.toString().isBlank()) {
            text.append(separator).append(name).append('=').append(part(value.toString()));
            separator = '&';
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
