package dev.atrium.portal.registry;

import dev.atrium.registry.api.catalog.CompleteVersion;
import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.CreateVersion;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.SetAlias;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.UpdateModel;
import dev.atrium.registry.api.paging.Page;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Models that the user's tenant may see, and the versions of its own. */
@Component
public class RegistryModels {
    private final RegistryHttp http;

    RegistryModels(RegistryHttp http) {
        this.http = http;
    }

    public Page<Model> list(@Nullable String text, @Nullable Task task, @Nullable String cursor) {
        return http.get(
                Query.of("/models")
                        .with("q", text)
                        .with("task", task)
                        .with("cursor", cursor)
                        .toString(),
                new TypeReference<>() {});
    }

    /** As many visible models as one answer holds, for a list to choose from. */
    public Page<Model> choices(@Nullable String text) {
        return http.get(
                Query.of("/models")
                        .with("q", text)
                        .with("limit", RegistryHttp.LARGEST_PAGE)
                        .toString(),
                new TypeReference<>() {});
    }

    public Model get(ModelName name) {
        return http.get(path(name), new TypeReference<>() {});
    }

    public Model create(CreateModel request) {
        return http.send("POST", "/models", request, new TypeReference<>() {});
    }

    public Model update(ModelName name, UpdateModel change) {
        return http.send("PATCH", path(name), change, new TypeReference<>() {});
    }

    public void delete(ModelName name) {
        http.send("DELETE", path(name), null);
    }

    public Page<ModelVersion> versions(ModelName name, @Nullable String cursor) {
        return http.get(
                Query.of(path(name) + "/versions").with("cursor", cursor).toString(),
                new TypeReference<>() {});
    }

    public ModelVersion version(ModelName name, int number) {
        return http.get(path(name) + "/versions/" + number, new TypeReference<>() {});
    }

    public ModelVersion createVersion(ModelName name, CreateVersion request) {
        return http.send("POST", path(name) + "/versions", request, new TypeReference<>() {});
    }

    /**
     * Streams one file of a version through; returns when the registry has stored it.
     *
     * @param length bytes to come, or -1 when unknown
     */
    public ModelFile putFile(
            ModelName name, int number, String file, InputStream content, long length) {
        String path = path(name) + "/versions/" + number + "/files/" + Query.part(file);
        return http.stream(path, content, length, new TypeReference<>() {});
    }

    public ModelVersion complete(ModelName name, int number, CompleteVersion request) {
        return http.sendPatiently(
                "POST",
                path(name) + "/versions/" + number + "/complete",
                request,
                new TypeReference<>() {});
    }

    public Model setAlias(ModelName name, String alias, int version) {
        return http.send(
                "PUT",
                path(name) + "/aliases/" + Query.part(alias),
                new SetAlias(version),
                new TypeReference<>() {});
    }

    static String path(ModelName name) {
        return "/models/" + Query.part(name.tenant()) + "/" + Query.part(name.name());
    }
}
