package dev.atrium.portal.shell;

import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.i18n.I18NProvider;

/** Says that the session is over; not a silent redirect, which could go round in circles. */
final class SessionEndedDialog extends ConfirmDialog {
    SessionEndedDialog(Failure failure) {
        setId("session-ended");
        setHeader(failure.title());
        setText(failure.detail());
        setConfirmText(I18NProvider.translate("signin.again"));
        addConfirmListener(event ->
                event.getSource()
                        .getUI()
                        .ifPresent(ui -> ui.getPage().setLocation(FailureView.SIGN_IN)));
    }
}
