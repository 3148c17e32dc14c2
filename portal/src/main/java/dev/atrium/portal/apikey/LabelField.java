package dev.atrium.portal.apikey;

import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.registry.api.usage.Labels;
import org.jspecify.annotations.Nullable;

/** Takes the cost centre of a key's calls; empty for none. */
final class LabelField extends TextField {
    LabelField() {
        setId("key-label");
        setLabel(getTranslation("keys.label"));
        setHelperText(getTranslation("keys.label.help"));
        setErrorMessage(getTranslation("keys.label.wrong"));
        setMaxLength(Labels.LONGEST);
        setClearButtonVisible(true);
    }

    /** Says so where the registry would not take it. */
    boolean isWrong() {
        String label = label();
        setInvalid(label != null && !Labels.isValid(label));
        if (isInvalid()) {
            focus();
        }
        return isInvalid();
    }

    @Nullable String label() {
        String text = getValue().strip();
        return text.isEmpty() ? null : text;
    }
}
