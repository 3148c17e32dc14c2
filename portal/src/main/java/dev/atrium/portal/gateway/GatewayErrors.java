package dev.atrium.portal.gateway;

import java.net.http.HttpHeaders;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the two error shapes of the public calls, OpenAI's object and the inference protocol's. */
final class GatewayErrors {
    private GatewayErrors() {}

    static GatewayException refused(int status, byte[] body, String requestId, JsonMapper json) {
        return new GatewayException(status, message(status, body, json), requestId);
    }

    static GatewayException unreachable(Exception cause) {
        return new GatewayException("The gateway does not answer.", cause);
    }

    static String requestId(HttpHeaders headers) {
        return headers.firstValue("x-request-id").orElse("");
    }

    private static String message(int status, byte[] body, JsonMapper json) {
        try {
            JsonNode error = json.readTree(body).path("error");
            String text = error.isString() ? error.asString() : error.path("message").asString("");
            return text.isBlank() ? "HTTP " + status : text;
        } catch (JacksonException e) {
            return "HTTP " + status;
        }
    }
}
