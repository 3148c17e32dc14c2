package dev.atrium.registry.api.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a model's logits become a text, by greedy CTC decoding; every member may be null for its
 * default.
 *
 * @param vocabulary tokens in the order of the output; default those of {@code vocab.json}
 * @param blank index of the token that separates; it may be the one behind the vocabulary. Default
 *     that of {@code <pad>}, {@code [PAD]} or {@code <blank>}, else 0
 * @param wordDelimiter what stands for a space within tokens; default {@code |}
 * @param silent tokens that are not written; default {@code <s>}, {@code </s>}, {@code <unk>},
 *     {@code <pad>}, {@code [UNK]} and {@code [PAD]}
 */
public record CtcSettings(
        @Nullable List<String> vocabulary,
        @Nullable Integer blank,
        @Nullable String wordDelimiter,
        @Nullable List<String> silent) {
    public static final CtcSettings DEFAULT = new CtcSettings(null, null, null, null);
}
