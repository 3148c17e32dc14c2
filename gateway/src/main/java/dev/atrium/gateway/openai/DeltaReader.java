package dev.atrium.gateway.openai;

import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.upstream.UsageReader;
import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeUsage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads the events of a generation member by member, since there is one for every token. */
final class DeltaReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Prepared once: a parser that is told the class prepares for it at each event. */
    private static final ObjectReader ERROR =
            JSON.readerFor(NodeError.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private DeltaReader() {}

    /**
     * @param json of which {@code length} bytes from {@code begin} are an event
     * @throws NodeFailure.Invalid when they are not
     */
    static ChatDelta read(byte[] json, int begin, int length) {
        try (JsonParser parser = JSON.createParser(json, begin, length)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                return read(parser);
            }
        } catch (JacksonException e) {
            throw new NodeFailure.Invalid("an unreadable event");
        }
        throw new NodeFailure.Invalid("an unreadable event");
    }

    private static ChatDelta read(JsonParser parser) {
        @Nullable String text = null;
        @Nullable String finishReason = null;
        @Nullable NodeUsage usage = null;
        @Nullable NodeError error = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
            switch (name) {
                case "text" -> text = parser.getValueAsString();
                case "finishReason" -> finishReason = parser.getValueAsString();
                case "usage" -> usage = isNull ? null : UsageReader.read(parser);
                case "error" -> error = isNull ? null : ERROR.readValue(parser);
                default -> parser.skipChildren();
            }
        }
        if (text == null || usage == null) {
            throw new NodeFailure.Invalid("an event without text or usage");
        }
        return new ChatDelta(text, finishReason, usage, error);
    }
}
