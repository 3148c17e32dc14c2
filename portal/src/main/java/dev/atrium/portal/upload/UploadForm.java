package dev.atrium.portal.upload;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the person says about the upload, besides the files. */
final class UploadForm extends FormLayout {
    private static final String NEW_MODEL = "";

    private final String tenant;
    private final Select<String> target = new Select<>();
    private final TextField name = new TextField();
    private final Select<Task> task = new Select<>();
    private final SettingsField settings = new SettingsField();
    private final TextArea description = new TextArea();
    private final Checkbox deploy = new Checkbox();

    UploadForm(String tenant, java.util.List<Model> own, boolean mayDeploy) {
        this.tenant = tenant;
        setResponsiveSteps(new ResponsiveStep("0", 1), new ResponsiveStep("26em", 2));
        configureTarget(own);
        configureName();
        configureTask();
        description.setId("upload-description");
        description.setMaxHeight("8em");
        deploy.setId("upload-deploy");
        deploy.setLabel(getTranslation("upload.deploy"));
        deploy.setValue(mayDeploy);
        deploy.setVisible(mayDeploy);
        add(target, name, task, settings, description, deploy);
        setColspan(target, 2);
        setColspan(settings, 2);
        setColspan(description, 2);
        setColspan(deploy, 2);
        target.setVisible(!own.isEmpty());
        follow(NEW_MODEL);
    }

    /** Fixes the upload to the next version of a model. */
    void fixTo(ModelName model) {
        target.setItems(model.toString());
        target.setValue(model.toString());
        target.setVisible(false);
    }

    /** The checked input; empty when something has to be put right first. */
    Optional<UploadTarget> read() {
        if (!settings.check()) {
            return Optional.empty();
        }
        if (!isNew()) {
            return Optional.of(
                    new UploadTarget.NextVersion(
                            ModelName.of(target.getValue()), text(), settings.settings()));
        }
        String wanted = name.getValue().strip();
        boolean valid = ModelName.isValidPart(wanted);
        name.setInvalid(!valid);
        if (!valid) {
            name.setErrorMessage(
                    getTranslation(
                            ModelName.isReserved(wanted)
                                    ? "upload.name.reserved"
                                    : "upload.name.rule"));
            name.focus();
            return Optional.empty();
        }
        return Optional.of(
                new UploadTarget.NewModel(
                        new ModelName(tenant, wanted),
                        task.getValue(),
                        text(),
                        settings.settings()));
    }

    boolean isDeployWanted() {
        return deploy.isVisible() && deploy.getValue();
    }

    void lock() {
        target.setEnabled(false);
        name.setEnabled(false);
        task.setEnabled(false);
        settings.setEnabled(false);
        description.setEnabled(false);
        deploy.setEnabled(false);
    }

    /** A name and task that the first file suggests, unless the person already wrote one. */
    void suggest(String file) {
        int dot = file.lastIndexOf('.');
        String base = (dot > 0 ? file.substring(0, dot) : file).toLowerCase(Locale.ROOT);
        String suggestion = base.replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[^a-z0-9]+", "");
        boolean isTelling = !suggestion.equals("model") && ModelName.isValidPart(suggestion);
        if (isNew() && name.isEmpty() && isTelling) {
            name.setValue(suggestion);
        }
        if (file.endsWith(".gguf")) {
            task.setValue(Task.TEXT_GENERATION);
        } else if (file.equals("tokenizer.json") && task.getValue() == Task.TENSORS) {
            task.setValue(Task.TEXT_EMBEDDING);
        }
    }

    private void configureTarget(java.util.List<Model> own) {
        target.setId("upload-target");
        target.setLabel(getTranslation("upload.target"));
        target.setItems(
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(NEW_MODEL),
                                own.stream().map(model -> model.name().toString()))
                        .toList());
        target.setItemLabelGenerator(value ->
                value.isEmpty()
                        ? getTranslation("upload.target.new")
                        : getTranslation("upload.target.next", value));
        target.setValue(NEW_MODEL);
        target.addValueChangeListener(change -> follow(change.getValue()));
    }

    private void configureName() {
        name.setId("upload-name");
        name.setLabel(getTranslation("upload.name"));
        name.setPrefixComponent(new Span(tenant + "/"));
        name.setHelperText(getTranslation("upload.name.help"));
        name.setRequiredIndicatorVisible(true);
        name.setValueChangeMode(ValueChangeMode.ON_CHANGE);
    }

    private void configureTask() {
        task.setId("upload-task");
        task.setLabel(getTranslation("models.task"));
        task.setItems(Task.values());
        task.setValue(Task.TENSORS);
        task.setItemLabelGenerator(
                each -> getTranslation("task." + each.name().toLowerCase(Locale.ROOT)));
        task.setHelperText(getTranslation("upload.task.help"));
        task.addValueChangeListener(change -> settings.suggestFor(change.getValue()));
    }

    private void follow(@Nullable String chosen) {
        boolean fresh = chosen == null || chosen.isEmpty();
        name.setVisible(fresh);
        task.setVisible(fresh);
        if (fresh) {
            settings.suggestFor(task.getValue());
        } else {
            settings.offer();
        }
        description.setLabel(
                getTranslation(fresh ? "upload.description.model" : "upload.description.version"));
    }

    private boolean isNew() {
        return target.getValue() == null || target.getValue().isEmpty();
    }

    private @Nullable String text() {
        return description.isEmpty() ? null : description.getValue().strip();
    }
}
