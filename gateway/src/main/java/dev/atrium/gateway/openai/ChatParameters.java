package dev.atrium.gateway.openai;

import dev.atrium.node.api.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a chat completion request asks for, in the node's words.
 *
 * @param includeUsage whether a stream ends with a chunk that carries the usage
 */
record ChatParameters(ChatRequest request, boolean stream, boolean includeUsage) {
    private static final int MOST_TOKENS = 1_000_000;
    private static final int MOST_STOPS = 4;
    private static final Set<String> ROLES = Set.of("developer", "system", "user", "assistant");

    static ChatParameters read(Members body) {
        refuseUnsupported(body);
        boolean stream = body.isTrue("stream");
        return new ChatParameters(
                new ChatRequest(
                        messages(body.require("messages")),
                        maxTokens(body),
                        body.number("temperature", 0, 2),
                        body.number("top_p", 0, 1),
                        seed(body.find("seed")),
                        stops(body.find("stop"))),
                stream,
                includeUsage(body.find("stream_options"), stream));
    }

    private static void refuseUnsupported(Members body) {
        Integer choices = body.integer("n", 1, 128);
        if (choices != null && choices != 1) {
            throw Members.unsupported("n", "must be 1: one answer is made per request");
        }
        refuseFilled(body, "tools", "is not supported by this model");
        refuseFilled(body, "functions", "is not supported by this model");
        refuseFilled(body, "logit_bias", "is not supported");
        refuseFilled(body, "audio", "is not supported; answers are text");
        if (body.isTrue("logprobs")) {
            throw Members.unsupported("logprobs", "is not supported");
        }
        for (String penalty : List.of("frequency_penalty", "presence_penalty")) {
            Float value = body.number(penalty, -2, 2);
            if (value != null && value != 0) {
                throw Members.unsupported(penalty, "is not supported; leave it out or send 0");
            }
        }
        JsonNode format = body.find("response_format");
        if (format != null && !"text".equals(format.path("type").asString(""))) {
            throw Members.unsupported(
                    "response_format", "must be text: structured output is not supported");
        }
    }

    private static void refuseFilled(Members body, String name, String problem) {
        JsonNode value = body.find(name);
        if (value != null && !value.isEmpty()) {
            throw Members.unsupported(name, problem);
        }
    }

    private static @Nullable Integer maxTokens(Members body) {
        Integer newer = body.integer("max_completion_tokens", 1, MOST_TOKENS);
        Integer older = body.integer("max_tokens", 1, MOST_TOKENS);
        return newer != null ? newer : older;
    }

    /** Any 64-bit seed is fine; nodes take 32 bits of it. */
    private static @Nullable Integer seed(@Nullable JsonNode seed) {
        if (seed == null) {
            return null;
        }
        if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
            throw Members.invalid("seed", "must be a whole number of at most 64 bits");
        }
        return seed.canConvertToInt() ? seed.intValue() : Long.hashCode(seed.longValue());
    }

    private static List<String> stops(@Nullable JsonNode stop) {
        if (stop == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        if (stop.isArray()) {
            stop.forEach(each -> texts.add(stopText(each)));
        } else {
            texts.add(stopText(stop));
        }
        if (texts.size() > MOST_STOPS) {
            throw Members.invalid("stop", "must hold at most " + MOST_STOPS + " texts");
        }
        return texts;
    }

    private static String stopText(JsonNode stop) {
        if (!stop.isString() || stop.stringValue().isEmpty()) {
            throw Members.invalid("stop", "must be a text or an array of texts, not empty");
        }
        return stop.stringValue();
    }

    private static boolean includeUsage(@Nullable JsonNode options, boolean stream) {
        if (options == null) {
            return false;
        }
        if (!stream) {
            throw Members.invalid("stream_options", "is only allowed when stream is true");
        }
        return options instanceof ObjectNode object && new Members(object).isTrue("include_usage");
    }

    private static List<ChatRequest.Message> messages(JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            throw Members.invalid("messages", "must be an array with at least one message");
        }
        List<ChatRequest.Message> read = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            read.add(message(messages.get(i), "messages[" + i + "]"));
        }
        return read;
    }

    private static ChatRequest.Message message(JsonNode message, String name) {
        if (!(message instanceof ObjectNode object)) {
            throw Members.invalid(name, "must be an object with role and content");
        }
        String role = object.path("role").asString("");
        if (!ROLES.contains(role)) {
            throw Members.invalid(name + ".role", "must be system, developer, user or assistant");
        }
        return new ChatRequest.Message(
                role.equals("developer") ? "system" : role,
                content(object.path("content"), name + ".content"));
    }

    private static String content(JsonNode content, String name) {
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray() || content.isEmpty()) {
            throw Members.invalid(name, "must be a text or an array of text parts");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            if (!"text".equals(part.path("type").asString("")) || !part.path("text").isString()) {
                throw Members.unsupported(
                        name + "[" + i + "]", "must be a text part; this model reads text only");
            }
            text.append(part.path("text").stringValue());
        }
        return text.toString();
    }
}
