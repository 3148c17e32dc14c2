package dev.atrium.gateway.openai;

import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the members of a request and refuses wrong ones by their name; null counts as absent. */
final class Members {
    private final ObjectNode body;

    Members(ObjectNode body) {
        this.body = body;
    }

    @Nullable JsonNode find(String name) {
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? null : value;
    }

    JsonNode require(String name) {
        JsonNode value = find(name);
        if (value == null) {
            throw invalid(name, "is missing");
        }
        return value;
    }

    String requireText(String name) {
        JsonNode value = require(name);
        if (!value.isString() || value.stringValue().isBlank()) {
            throw invalid(name, "must be a text that is not empty");
        }
        return value.stringValue();
    }

    @Nullable String text(String name) {
        JsonNode value = find(name);
        if (value != null && !value.isString()) {
            throw invalid(name, "must be a text");
        }
        return value == null ? null : value.stringValue();
    }

    boolean isTrue(String name) {
        JsonNode value = find(name);
        if (value != null && !value.isBoolean()) {
            throw invalid(name, "must be true or false");
        }
        return value != null && value.booleanValue();
    }

    /** A whole number within bounds. */
    @Nullable Integer integer(String name, int least, int most) {
        JsonNode value = find(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            throw invalid(name, "must be a whole number from " + least + " to " + most);
        }
        return value.intValue();
    }

    /** A number within bounds. */
    @Nullable Float number(String name, float least, float most) {
        JsonNode value = find(name);
        if (value == null) {
            return null;
        }
        // Not a number either when it is beyond all that a double can be.
        double number = value.isNumber() ? value.asDouble(Double.NaN) : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw invalid(name, "must be a number from " + least + " to " + most);
        }
        return (float) number;
    }

    /** For what the protocol knows and this platform does not do. */
    static RefusedException unsupported(String name, String problem) {
        return Refusal.about(
                        Refusal.Reason.UNSUPPORTED_PARAMETER, "'" + name + "' " + problem, name)
                .asException();
    }

    static RefusedException invalid(String name, String problem) {
        return Refusal.invalid("'" + name + "' " + problem, name).asException();
    }
}
