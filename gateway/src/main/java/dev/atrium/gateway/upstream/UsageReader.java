package dev.atrium.gateway.upstream;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Media;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what nodes say of a call's usage member by member: it comes with every answer and every
 * event of a stream, and binding a record costs five times as much.
 */
public final class UsageReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Prepared once: a parser that is told the class prepares for it each time. */
    private static final ObjectReader ENERGY =
            JSON.readerFor(Energy.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final ObjectReader MEDIA =
            JSON.readerFor(Media.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private UsageReader() {}

    /**
     * @throws JacksonException when it is not usage
     */
    static NodeUsage read(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            NodeUsage usage = read(parser);
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "more than usage");
            }
            return usage;
        }
    }

    /**
     * Reads the object that begins here, to its end. Numbers that are missing are 0.
     *
     * @throws JacksonException when it is not usage
     */
    public static NodeUsage read(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new StreamReadException(parser, "no usage");
        }
        long inputTokens = 0;
        long outputTokens = 0;
        long computeMicros = 0;
        @Nullable Energy energy = null;
        @Nullable Long cachedInputTokens = null;
        @Nullable Media media = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "inputTokens" -> inputTokens = parser.getLongValue();
                case "outputTokens" -> outputTokens = parser.getLongValue();
                case "computeMicros" -> computeMicros = parser.getLongValue();
                case "energy" -> energy = ENERGY.readValue(parser);
                case "cachedInputTokens" -> cachedInputTokens = nullable(parser);
                case "media" -> media = MEDIA.readValue(parser);
                default -> parser.skipChildren();
            }
        }
        return new NodeUsage(
                inputTokens, outputTokens, computeMicros, energy, cachedInputTokens, media);
    }

    private static @Nullable Long nullable(JsonParser number) {
        return number.currentToken() == JsonToken.VALUE_NULL ? null : number.getLongValue();
    }
}
