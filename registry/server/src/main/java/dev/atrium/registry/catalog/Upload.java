package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.CreateVersion;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.identity.Caller;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Uploads in steps, and the one request that does all steps for a model of one file. */
@Component
class Upload {
    private final TransactionTemplate transactions;
    private final ModelLookup lookup;
    private final ModelService models;
    private final VersionService versions;
    private final VersionFiles files;
    private final VersionCompletion completion;

    Upload(
            TransactionTemplate transactions,
            ModelLookup lookup,
            ModelService models,
            VersionService versions,
            VersionFiles files,
            VersionCompletion completion) {
        this.transactions = transactions;
        this.lookup = lookup;
        this.models = models;
        this.versions = versions;
        this.files = files;
        this.completion = completion;
    }

    ModelFile file(
            Caller caller, String tenant, String name, int number, String path, UploadBody body) {
        return files.put(
                caller.tenantId(), tenant, name, number, path, body.announced(), body.content());
    }

    ModelVersion complete(
            Caller caller, String tenant, String name, int number, VersionCompletion.Then then) {
        requireMayDeploy(caller, then);
        return completion.complete(caller.tenantId(), caller.actor(), tenant, name, number, then);
    }

    ModelVersion whole(
            Caller caller,
            String tenant,
            String name,
            String file,
            @Nullable Task task,
            VersionCompletion.Then then,
            UploadBody body) {
        requireMayDeploy(caller, then);
        VersionFiles.requirePath(file);
        ensureModel(caller, tenant, name, task);
        ModelVersion version = versions.create(caller, tenant, name, new CreateVersion(null, null));
        file(caller, tenant, name, version.number(), file, body);
        return complete(caller, tenant, name, version.number(), then);
    }

    private void ensureModel(Caller caller, String tenant, String name, @Nullable Task task) {
        ModelName full = lookup.nameFor(caller.tenantId(), name);
        if (!full.tenant().equals(tenant)) {
            throw new ModelNotFoundException();
        }
        if (find(full).isEmpty()) {
            try {
                models.create(caller, new CreateModel(name, task, null, null, null));
            } catch (ModelNameTakenException madeMeanwhile) {
                // Then it is there, which is all that is wanted.
            }
        }
        find(full).ifPresent(model -> requireSameTask(model, task));
    }

    private Optional<ModelRow> find(ModelName name) {
        return Objects.requireNonNull(
                transactions.execute(status -> lookup.find(name.tenant(), name.name())));
    }

    private static void requireSameTask(ModelRow model, @Nullable Task task) {
        if (task != null && model.taskGiven() && model.task() != task) {
            throw new CatalogConflictException(
                    "the task of the model "
                            + model.name()
                            + " is "
                            + model.task()
                            + ", not "
                            + task);
        }
    }

    private static void requireMayDeploy(Caller caller, VersionCompletion.Then then) {
        if (then == VersionCompletion.Then.DEPLOY && !caller.may(Scope.MODELS_DEPLOY)) {
            throw new MissingScopeException("deploying the version", Scope.MODELS_DEPLOY);
        }
    }
}
