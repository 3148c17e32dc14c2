package dev.atrium.registry.artifact;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import org.jspecify.annotations.Nullable;

/** What the look at a version's files found. */
public sealed interface Inspection {
    /**
     * @param signature {@link Signature#UNKNOWN} where the format does not say
     * @param contextLength of a language model, where the file says
     * @param tokenizer whether a tokenizer lies beside the model
     */
    record Accepted(
            Framework framework,
            Signature signature,
            @Nullable Integer contextLength,
            boolean tokenizer)
            implements Inspection {}

    /**
     * @param reason for the person who uploaded it: what was wrong and what to do
     */
    record Rejected(String reason) implements Inspection {}
}
