package dev.atrium.portal.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.atrium.registry.api.catalog.VersionSettings;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Settings as people write them: without what is not set. */
final class SettingsText {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .changeDefaultPropertyInclusion(
                            include -> include.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build();

    private SettingsText() {}

    static String of(VersionSettings settings) {
        return JSON.writeValueAsString(settings);
    }
}
