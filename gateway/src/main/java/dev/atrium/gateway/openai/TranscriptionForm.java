package dev.atrium.gateway.openai;

import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.node.api.FormParts;
import dev.atrium.node.api.NaturalTypes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of a transcription. What is only a hint to the model (its language) is ignored like what
 * nobody knows; what would change the answer is refused.
 */
final class TranscriptionForm {
    /** Members whose values are lists are named with or without brackets. */
    private static final List<String> UNSUPPORTED =
            List.of(
                    "prompt",
                    "timestamp_granularities",
                    "timestamp_granularities[]",
                    "include",
                    "include[]",
                    "known_speaker_names[]",
                    "known_speaker_references[]");

    private final Map<String, FormParts.Part> parts;

    private TranscriptionForm(Map<String, FormParts.Part> parts) {
        this.parts = parts;
    }

    /**
     * @param contentType null where the request has none
     */
    static TranscriptionForm of(@Nullable String contentType, byte[] body) {
        String type = String.valueOf(contentType);
        if (!NaturalTypes.bare(type).equals(NaturalTypes.FORM)) {
            throw Refusal.of(
                            Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                            "send multipart/form-data with the parts file and model, not "
                                    + Exchange.printable(type))
                    .asException();
        }
        try {
            Map<String, FormParts.Part> parts = new HashMap<>();
            for (FormParts.Part part : FormParts.of(type, body)) {
                FormParts.Part before = parts.putIfAbsent(part.name(), part);
                if (before != null && !part.name().endsWith("[]")) {
                    throw Members.invalid(Exchange.printable(part.name()), "is there twice");
                }
            }
            return new TranscriptionForm(parts);
        } catch (FormParts.BrokenFormException e) {
            throw Refusal.invalid("the form " + e.problem(), null).asException();
        }
    }

    String model() {
        String model = text("model");
        if (model == null || model.isBlank()) {
            throw Members.invalid("model", "is missing");
        }
        return model;
    }

    FormParts.Part file() {
        FormParts.Part file = parts.get("file");
        if (file == null || !file.content().hasRemaining()) {
            throw Members.invalid("file", file == null ? "is missing" : "is empty");
        }
        return file;
    }

    /** Whether the answer is the bare text. */
    boolean wantsPlainText() {
        return switch (text("response_format")) {
            case "text" -> true;
            case "json" -> false;
            case null -> false;
            default -> throw Members.unsupported("response_format", "must be json or text");
        };
    }

    void requireSupported() {
        for (String name : UNSUPPORTED) {
            String value = text(name);
            if (value != null && !value.isEmpty()) {
                throw Members.unsupported(name, "is not supported; leave it out");
            }
        }
        if ("true".equals(text("stream"))) {
            throw Members.unsupported("stream", "must be false: the text comes as a whole");
        }
        String temperature = text("temperature");
        if (temperature != null && !temperature.matches("0*\\.?0*")) {
            throw Members.unsupported("temperature", "must be 0: the likeliest text is answered");
        }
    }

    private @Nullable String text(String name) {
        FormParts.Part part = parts.get(name);
        if (part == null) {
            return null;
        }
        ByteBuffer content = part.content().slice();
        return StandardCharsets.UTF_8.decode(content).toString();
    }
}
