package dev.atrium.portal.upload;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import org.jspecify.annotations.Nullable;

/** What an upload is for. */
sealed interface UploadTarget {

    ModelName name();

    /** Null leaves everything to the task's defaults. */
    @Nullable VersionSettings settings();

    /** A model that is made on the way. */
    record NewModel(
            ModelName name,
            Task task,
            @Nullable String description,
            @Nullable VersionSettings settings)
            implements UploadTarget {}

    /** The next version of a model that is there. */
    record NextVersion(
            ModelName name, @Nullable String description, @Nullable VersionSettings settings)
            implements UploadTarget {}
}
