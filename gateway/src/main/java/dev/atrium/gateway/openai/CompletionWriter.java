package dev.atrium.gateway.openai;

import dev.atrium.gateway.web.EnergyText;
import dev.atrium.gateway.web.Json;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.usage.Energy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes chat completion objects. By hand, because a stream repeats nearly the same text for each
 * token: what never changes is written once.
 */
final class CompletionWriter {
    private final String head;
    private final String chunkHead;

    CompletionWriter(UUID id, Instant created, String model) {
        this.head =
                "{\"id\":\"chatcmpl-"
                        + id.toString().replace("-", "")
                        + "\",\"created\":"
                        + created.getEpochSecond()
                        + ",\"model\":"
                        + Json.quote(model);
        this.chunkHead =
                head + ",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":";
    }

    byte[] document(CompletionText completion) {
        return bytes(
                head
                        + ",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":"
                        + Json.quote(completion.text())
                        + ",\"refusal\":null},\"logprobs\":null,\"finish_reason\":"
                        + Json.quote(completion.finishReason())
                        + "}],\"usage\":"
                        + usage(completion.usage())
                        + "}");
    }

    /**
     * One chunk of a stream.
     *
     * @param delta a JSON object
     * @param withUsage whether the stream promises a usage chunk, which makes the others say null
     */
    String chunk(String delta, @Nullable String finishReason, boolean withUsage) {
        return chunkHead
                + delta
                + ",\"logprobs\":null,\"finish_reason\":"
                + (finishReason == null ? "null" : Json.quote(finishReason))
                + "}]"
                + (withUsage ? ",\"usage\":null}" : "}");
    }

    String usageChunk(NodeUsage usage) {
        return head
                + ",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":"
                + usage(usage)
                + "}";
    }

    private static String usage(NodeUsage usage) {
        return "{\"prompt_tokens\":"
                + usage.inputTokens()
                + ",\"completion_tokens\":"
                + usage.outputTokens()
                + ",\"total_tokens\":"
                + (usage.inputTokens() + usage.outputTokens())
                + ",\"prompt_tokens_details\":{"
                + cached(usage.cachedInputTokens())
                + "\"audio_tokens\":0}"
                + ",\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"
                + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}"
                + energy(usage.energy())
                + "}";
    }

    /** Absent where the node does not say, so that nobody takes it for none. */
    private static String cached(@Nullable Long tokens) {
        return tokens == null ? "" : "\"cached_tokens\":" + tokens + ",";
    }

    /** A member of our own, where a stream has no headers left to say it in. */
    private static String energy(@Nullable Energy energy) {
        if (energy == null) {
            return "";
        }
        EnergyText text = EnergyText.of(energy);
        return ",\"atrium\":{\"energy_j\":"
                + text.joules()
                + (text.gramsCo2e() == null ? "" : ",\"gco2e\":" + text.gramsCo2e())
                + ",\"energy_method\":\""
                + text.method()
                + "\"}";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
