package dev.atrium.portal.upload;

import dev.atrium.registry.api.catalog.ModelVersion;

/** What the registry found in the files. */
sealed interface Inspection {
    record Accepted(ModelVersion version) implements Inspection {}

    /**
     * The version is refused for good.
     *
     * @param reason in the registry's words
     */
    record Rejected(String reason, String requestId) implements Inspection {}
}
