package dev.atrium.portal.catalog;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import java.util.TreeSet;

/** Points an alias to a version; callers that name the alias or none follow at once. */
final class AliasDialog extends FormDialog {
    private static final String CANARY = "canary";

    private final transient RegistryModels models;
    private final ModelVersion version;
    private final Runnable reload;
    private final ComboBox<String> alias = new ComboBox<>();

    AliasDialog(
            RegistryModels models,
            Model model,
            ModelVersion version,
            boolean isProduction,
            Runnable reload) {
        super(
                "alias-dialog",
                I18NProvider.translate("alias.title", version.number()),
                I18NProvider.translate("alias.set"));
        this.models = models;
        this.version = version;
        this.reload = reload;
        TreeSet<String> known = new TreeSet<>(model.aliases().keySet());
        known.add(Model.PRODUCTION);
        known.add(CANARY);
        alias.setId("alias-name");
        alias.setLabel(getTranslation("alias.name"));
        alias.setHelperText(getTranslation("alias.help"));
        alias.setItems(known);
        alias.setAllowCustomValue(true);
        alias.addCustomValueSetListener(custom -> alias.setValue(custom.getDetail()));
        alias.setValue(isProduction ? CANARY : Model.PRODUCTION);
        alias.setWidthFull();
        Paragraph text = new Paragraph(getTranslation("alias.text"));
        text.addClassName("hint");
        add(alias, text);
    }

    @Override
    protected void trySubmit() {
        String name = alias.getValue() == null ? "" : alias.getValue().strip();
        if (!ModelName.isValidPart(name)) {
            alias.setInvalid(true);
            alias.setErrorMessage(getTranslation("upload.name.rule"));
            return;
        }
        models.setAlias(version.model(), name, version.number());
        Notices.success(getTranslation("alias.done", name, version.number()));
        close();
        reload.run();
    }
}
