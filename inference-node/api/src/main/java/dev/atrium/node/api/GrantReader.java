package dev.atrium.node.api;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a grant member by member, as {@link GrantSigner} writes it: every call brings one, and
 * binding a record costs three times as much. Members that are not known are skipped.
 */
final class GrantReader {
    private static final JsonFactory JSON = new JsonFactory();

    private @Nullable UUID callId;
    private int attempt;
    private @Nullable UUID nodeId;
    private @Nullable UUID tenantId;
    private @Nullable UUID projectId;
    private @Nullable String principalKind;
    private @Nullable String principalId;
    private @Nullable UUID modelId;
    private @Nullable String modelName;
    private @Nullable UUID versionId;
    private int version;
    private @Nullable String operation;
    private @Nullable Instant issuedAt;
    private @Nullable Instant expiresAt;
    private long deadlineMillis;
    private @Nullable Integer maxOutputTokens;
    private @Nullable UUID gatewayId;
    private @Nullable String label;
    private @Nullable String reserved;

    private GrantReader() {}

    /**
     * @throws IllegalArgumentException when something is missing or malformed
     * @throws java.time.DateTimeException for a time that is none
     * @throws tools.jackson.core.JacksonException for what is no JSON
     */
    static Grant read(byte[] json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            GrantReader reader = new GrantReader();
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a grant is an object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                if (parser.nextToken() != JsonToken.VALUE_NULL) {
                    reader.member(name, parser);
                }
            }
            return reader.grant();
        }
    }

    private void member(String name, JsonParser value) {
        switch (name) {
            case "callId" -> callId = uuid(value);
            case "attempt" -> attempt = value.getIntValue();
            case "nodeId" -> nodeId = uuid(value);
            case "tenantId" -> tenantId = uuid(value);
            case "projectId" -> projectId = uuid(value);
            case "principalKind" -> principalKind = value.getString();
            case "principalId" -> principalId = value.getString();
            case "modelId" -> modelId = uuid(value);
            case "modelName" -> modelName = value.getString();
            case "versionId" -> versionId = uuid(value);
            case "version" -> version = value.getIntValue();
            case "operation" -> operation = value.getString();
            case "issuedAt" -> issuedAt = Instant.parse(value.getString());
            case "expiresAt" -> expiresAt = Instant.parse(value.getString());
            case "deadlineMillis" -> deadlineMillis = value.getLongValue();
            case "maxOutputTokens" -> maxOutputTokens = value.getIntValue();
            case "gatewayId" -> gatewayId = uuid(value);
            case "label" -> label = value.getString();
            case "reserved" -> reserved = value.getString();
            default -> value.skipChildren();
        }
    }

    private static UUID uuid(JsonParser value) {
        return UUID.fromString(value.getString());
    }

    private Grant grant() {
        return new Grant(
                present(callId),
                attempt,
                present(nodeId),
                present(tenantId),
                present(projectId),
                present(principalKind),
                present(principalId),
                present(modelId),
                present(modelName),
                present(versionId),
                version,
                present(operation),
                present(issuedAt),
                present(expiresAt),
                deadlineMillis,
                maxOutputTokens,
                gatewayId,
                label,
                reserved);
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("a member of the grant is missing");
        }
        return value;
    }
}
