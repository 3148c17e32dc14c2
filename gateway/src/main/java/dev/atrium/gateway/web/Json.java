package dev.atrium.gateway.web;

import dev.atrium.registry.api.json.JsonText;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what callers send and writes what they get. Reading is strict: bounded in depth and number
 * length, and a member that comes twice is refused, because two readers would understand it
 * differently.
 */
public final class Json {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 100;

    /** Longer texts are read off the event loop, or one caller's body would hold up the others. */
    private static final int LONGEST_ON_EVENT_LOOP = 64 * 1024;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .maxNumberLength(LONGEST_NUMBER)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    private Json() {}

    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** A text as a JSON string with its quotes. */
    public static String quote(String text) {
        return JsonText.quote(text, new StringBuilder(text.length() + 2)).toString();
    }

    /** The object that a body is; refused when it is none. */
    public static Mono<ObjectNode> readObject(byte[] body) {
        if (body.length <= LONGEST_ON_EVENT_LOOP) {
            return Mono.fromCallable(() -> parse(body));
        }
        return Mono.fromCallable(() -> parse(body)).subscribeOn(Schedulers.parallel());
    }

    private static ObjectNode parse(byte[] body) {
        JsonNode node;
        try {
            node = body.length == 0 ? null : MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw invalid(e);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw Refusal.invalid("the body must be a JSON object", null).asException();
    }

    private static RefusedException invalid(JacksonException problem) {
        String where =
                problem.getLocation() == null
                        ? ""
                        : " (line "
                                + problem.getLocation().getLineNr()
                                + ", column "
                                + problem.getLocation().getColumnNr()
                                + ")";
        return Refusal.invalid(
                        "the body is not valid JSON"
                                + where
                                + ": "
                                + Exchange.printable(problem.getOriginalMessage()),
                        null)
                .asException();
    }
}
