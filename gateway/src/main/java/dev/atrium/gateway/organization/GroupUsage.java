package dev.atrium.gateway.organization;

import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.UsageSum;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls of one group of a bucket used together. */
final class GroupUsage {
    private static final long MILLIS_PER_SECOND = 1_000;

    private long inputTokens;
    private long outputTokens;
    private long calls;
    private @Nullable CachedInput cachedInput;
    private @Nullable Media media;

    void add(UsageSum sum) {
        inputTokens += sum.inputTokens();
        outputTokens += sum.outputTokens();
        calls += sum.calls();
        cachedInput = CachedInput.both(cachedInput, sum.cachedInput());
        media = Media.both(media, sum.media());
    }

    /** As JSON has it, without the members that name the group. */
    Map<String, @Nullable Object> result(ReportKind kind) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("object", kind.resultName());
        switch (kind) {
            case COMPLETIONS -> {
                result.put("input_tokens", inputTokens);
                result.put("output_tokens", outputTokens);
                if (cachedInput != null) {
                    result.put("input_cached_tokens", cachedInput.tokens());
                }
            }
            case EMBEDDINGS -> result.put("input_tokens", inputTokens);
            case IMAGES -> result.put("images", Media.orNone(media).images());
            case AUDIO_TRANSCRIPTIONS ->
                    result.put("seconds", seconds(Media.orNone(media).audioMillis()));
            case COSTS -> throw new IllegalArgumentException("costs are no usage");
        }
        result.put("num_model_requests", calls);
        return result;
    }

    /** Whole ones, as clients read no fractions there; a second that has begun is one. */
    private static long seconds(long millis) {
        return Math.ceilDiv(millis, MILLIS_PER_SECOND);
    }
}
