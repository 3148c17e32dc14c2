package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.Execution;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Signatures, settings and the like as their jsonb columns hold them. */
@Component
public final class StoredJson {
    private final JsonMapper json;

    StoredJson(JsonMapper json) {
        // Another registry may be newer, and so may what it stored.
        this.json = json.rebuild().clearProblemHandlers().build();
    }

    public Signature signature(String text) {
        return json.readValue(text, Signature.class);
    }

    public VersionSettings settings(String text) {
        return json.readValue(text, VersionSettings.class);
    }

    public Execution execution(String text) {
        return json.readValue(text, Execution.class);
    }

    public String write(Object value) {
        return json.writeValueAsString(value);
    }
}
