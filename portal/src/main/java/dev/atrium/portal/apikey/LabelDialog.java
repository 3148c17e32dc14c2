package dev.atrium.portal.apikey;

import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.apikey.SetLabel;

/** Asks for another cost centre of a key. */
final class LabelDialog extends FormDialog {
    private final transient RegistryApiKeys keys;
    private final transient ApiKey key;
    private final LabelField label = new LabelField();
    private final Runnable whenDone;

    LabelDialog(RegistryApiKeys keys, ApiKey key, Runnable whenDone) {
        super(
                "label-key-dialog",
                I18NProvider.translate("keys.label.named", key.name()),
                I18NProvider.translate("keys.label.save"));
        this.keys = keys;
        this.key = key;
        this.whenDone = whenDone;
        label.setValue(key.label() == null ? "" : key.label());
        add(label, new Paragraph(getTranslation("keys.label.text")));
    }

    @Override
    protected void trySubmit() {
        if (label.isWrong()) {
            return;
        }
        keys.relabel(key.id(), new SetLabel(label.label()));
        Notices.success(getTranslation("keys.label.done", key.name()));
        close();
        whenDone.run();
    }
}
