package dev.atrium.portal.design;

import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.i18n.I18NProvider;

/** A dialog that asks for something: Enter submits, Escape and Cancel close. */
public abstract class FormDialog extends Dialog {
    private final Button submit;
    private final Button cancel;

    protected FormDialog(String id, String title, String verb) {
        setId(id);
        addClassName("form-dialog");
        setHeaderTitle(title);
        setCloseOnOutsideClick(false);
        setDraggable(true);
        submit = new Button(verb, click -> submit());
        submit.setId(id + "-submit");
        submit.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        submit.setDisableOnClick(true);
        submit.addClickShortcut(Key.ENTER).listenOn(this);
        cancel = new Button(I18NProvider.translate("cancel"), click -> close());
        cancel.setId(id + "-cancel");
        getFooter().add(cancel, submit);
    }

    /** Checks the input and acts; closes itself when done. */
    protected abstract void trySubmit();

    private void submit() {
        try {
            trySubmit();
        } finally {
            submit.setEnabled(true);
        }
    }

    /** Lets Enter make a new line in this field instead of submitting. */
    protected static void keepEnter(TextArea field) {
        field.getElement()
                .executeJs(
                        "this.addEventListener('keydown', e => {"
                                + " if (e.key === 'Enter') e.stopPropagation(); })");
    }

    protected Button submitButton() {
        return submit;
    }

    /** Leaves one button, for a result that is only read. */
    protected void becomeResult(String title) {
        setHeaderTitle(title);
        getFooter().removeAll();
        Button done = new Button(I18NProvider.translate("done"), click -> close());
        done.setId(getId().orElse("dialog") + "-done");
        done.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        getFooter().add(done);
    }
}
