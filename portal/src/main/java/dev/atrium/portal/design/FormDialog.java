package dev.atrium.portal.design;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.i18n.I18NProvider;

/**
 * A dialog that asks for something: Enter in a line of text submits, Escape and Cancel close.
 *
 * <p>Everywhere else Enter keeps its meaning: it opens a list, takes a choice, makes a new line,
 * and ends a word of an input method. A shortcut of the server would submit there too.
 */
public abstract class FormDialog extends Dialog {
    private static final String ENTER_SUBMITS =
            """
            if (this.enterSubmits) return;
            this.enterSubmits = true;
            this.addEventListener('keydown', event => {
              const line = event.target.closest(
                'vaadin-text-field, vaadin-email-field, vaadin-integer-field');
              if (line && event.key === 'Enter' && !event.isComposing) {
                // After the field has told its value, which it does on Enter too.
                setTimeout(() => $0.click());
              }
            });
            """;

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
        cancel = new Button(I18NProvider.translate("cancel"), click -> close());
        cancel.setId(id + "-cancel");
        getFooter().add(cancel, submit);
    }

    /** Checks the input and acts; closes itself when done. */
    protected abstract void trySubmit();

    @Override
    protected void onAttach(AttachEvent event) {
        super.onAttach(event);
        getElement().executeJs(ENTER_SUBMITS, submit.getElement());
    }

    private void submit() {
        try {
            trySubmit();
        } finally {
            submit.setEnabled(true);
        }
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
