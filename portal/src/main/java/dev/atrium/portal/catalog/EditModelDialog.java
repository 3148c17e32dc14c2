package dev.atrium.portal.catalog;

import com.vaadin.flow.component.combobox.MultiSelectComboBox;
import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.radiobutton.RadioGroupVariant;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.UpdateModel;
import dev.atrium.registry.api.catalog.Visibility;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Changes a model's description and who may see it. */
final class EditModelDialog extends FormDialog {
    private final transient RegistryModels models;
    private final Model model;
    private final Runnable reload;
    private final TextArea description = new TextArea();
    private final RadioButtonGroup<Visibility> visibility = new RadioButtonGroup<>();
    private final MultiSelectComboBox<String> sharedWith = new MultiSelectComboBox<>();

    EditModelDialog(RegistryModels models, Model model, boolean mayPublish, Runnable reload) {
        super(
                "edit-model-dialog",
                I18NProvider.translate("model.edit.title", model.name().toString()),
                I18NProvider.translate("save"));
        this.models = models;
        this.model = model;
        this.reload = reload;
        FormLayout form =
                new FormLayout(
                        createDescription(), createVisibility(mayPublish), createSharedWith());
        form.setResponsiveSteps(new FormLayout.ResponsiveStep("0", 1));
        add(form);
        follow(model.visibility());
    }

    @Override
    protected void trySubmit() {
        boolean shared = visibility.getValue() == Visibility.SHARED;
        if (shared && sharedWith.isEmpty()) {
            sharedWith.setInvalid(true);
            sharedWith.setErrorMessage(getTranslation("model.sharedwith.required"));
            return;
        }
        models.update(
                model.name(),
                new UpdateModel(
                        visibility.getValue(),
                        shared ? List.copyOf(sharedWith.getValue()) : List.of(),
                        description.getValue().strip()));
        Notices.success(getTranslation("model.edit.done"));
        close();
        reload.run();
    }

    private TextArea createDescription() {
        description.setId("edit-description");
        description.setLabel(getTranslation("model.description"));
        description.setHelperText(getTranslation("model.description.help"));
        description.setValue(Objects.requireNonNullElse(model.description(), ""));
        description.setMinHeight("9em");
        return description;
    }

    private RadioButtonGroup<Visibility> createVisibility(boolean mayPublish) {
        Set<Visibility> choices = EnumSet.of(Visibility.PRIVATE, Visibility.SHARED);
        if (mayPublish || model.visibility() == Visibility.PUBLIC) {
            choices.add(Visibility.PUBLIC);
        }
        visibility.setId("edit-visibility");
        visibility.setLabel(getTranslation("models.visibility"));
        visibility.addThemeVariants(RadioGroupVariant.LUMO_VERTICAL);
        visibility.setItems(choices);
        visibility.setItemLabelGenerator(each ->
                getTranslation(
                        "visibility." + each.name().toLowerCase(java.util.Locale.ROOT) + ".text"));
        visibility.setValue(model.visibility());
        visibility.addValueChangeListener(change -> follow(change.getValue()));
        return visibility;
    }

    private MultiSelectComboBox<String> createSharedWith() {
        List<String> slugs = new ArrayList<>(model.sharedWith());
        sharedWith.setId("edit-sharedwith");
        sharedWith.setLabel(getTranslation("model.sharedwith"));
        sharedWith.setHelperText(getTranslation("model.sharedwith.help"));
        sharedWith.setItems(slugs);
        sharedWith.setValue(Set.copyOf(slugs));
        sharedWith.setAllowCustomValue(true);
        sharedWith.addCustomValueSetListener(custom -> {
            // A tenant cannot list the others, so their slugs are typed.
            Set<String> kept = new java.util.LinkedHashSet<>(sharedWith.getValue());
            kept.add(custom.getDetail().strip());
            slugs.add(custom.getDetail().strip());
            sharedWith.setItems(slugs);
            sharedWith.setValue(kept);
        });
        return sharedWith;
    }

    private void follow(Visibility chosen) {
        sharedWith.setVisible(chosen == Visibility.SHARED);
    }
}
