package dev.atrium.registry.api.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a model in the caller's tenant.
 *
 * @param task null lets the first accepted version decide: GGUF is TEXT_GENERATION, ONNX with a
 *     tokenizer TEXT_EMBEDDING, anything else TENSORS; until then the model shows TENSORS
 * @param visibility null is PRIVATE; PUBLIC needs a platform admin
 * @param sharedWith slugs of tenants, with SHARED
 */
public record CreateModel(
        String name,
        @Nullable Task task,
        @Nullable Visibility visibility,
        @Nullable List<String> sharedWith,
        @Nullable String description) {}
