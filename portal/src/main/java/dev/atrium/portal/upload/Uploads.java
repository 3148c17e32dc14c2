package dev.atrium.portal.upload;

import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.identity.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Opens the dialog that uploads a version. */
@Component
public class Uploads {
    private final RegistryModels models;
    private final CurrentUser currentUser;

    Uploads(RegistryModels models, CurrentUser currentUser) {
        this.models = models;
        this.currentUser = currentUser;
    }

    /**
     * For a model that is new, or one that the person chooses.
     *
     * @param whenDone told when the dialog has closed, with the model if something was uploaded
     */
    public void openForNewModel(Consumer<Optional<ModelName>> whenDone) {
        List<Model> own = models.choices(null).items().stream().filter(Model::own).toList();
        create(own, whenDone).open();
    }

    /** For the next version of this model. */
    public void openForVersion(ModelName model, Consumer<Optional<ModelName>> whenDone) {
        UploadDialog dialog = create(List.of(), whenDone);
        dialog.fixTo(model);
        dialog.open();
    }

    private UploadDialog create(List<Model> own, Consumer<Optional<ModelName>> whenDone) {
        return new UploadDialog(
                models,
                currentUser.get().tenant().slug(),
                own,
                currentUser.may(Scope.MODELS_DEPLOY),
                whenDone);
    }
}
