package dev.atrium.registry.api.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes what people edit of a model; null members stay as they are. */
public record UpdateModel(
        @Nullable Visibility visibility,
        @Nullable List<String> sharedWith,
        @Nullable String description) {}
