package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryException;
import dev.atrium.portal.registry.RegistryRequests;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.CreateQuotaRequest;
import dev.atrium.registry.api.quota.Policy;
import java.util.Objects;
import java.util.OptionalLong;

/** Asks for more of a limit. */
final class AskDialog extends FormDialog {
    static final int LONGEST_TEXT = 2_000;

    private final transient RegistryRequests requests;
    private final transient Policy policy;
    private final transient PolicyWords words;
    private final transient Runnable whenDone;
    private final TextField amount = new TextField();
    private final TextArea reason = new TextArea();
    private final Paragraph preview = Previews.create();

    AskDialog(RegistryRequests requests, Policy policy, PolicyWords words, Runnable whenDone) {
        super(
                "ask-dialog",
                I18NProvider.translate("request.ask.named", policy.name()),
                I18NProvider.translate("request.ask.send"));
        this.requests = requests;
        this.policy = policy;
        this.words = words;
        this.whenDone = whenDone;
        amount.setId("ask-amount");
        amount.setLabel(getTranslation("request.amount"));
        amount.setHelperText(
                getTranslation(
                        "request.amount.help",
                        words.amount(policy.unit(), policy.window(), policy.amount())));
        amount.setErrorMessage(getTranslation("request.amount.more"));
        amount.setRequiredIndicatorVisible(true);
        amount.getElement().setAttribute("inputmode", "decimal");
        amount.setValueChangeMode(ValueChangeMode.LAZY);
        amount.addValueChangeListener(change -> preview());
        reason.setId("ask-reason");
        reason.setLabel(getTranslation("request.reason"));
        reason.setHelperText(getTranslation("request.reason.help"));
        reason.setErrorMessage(getTranslation("request.reason.required"));
        reason.setRequiredIndicatorVisible(true);
        reason.setMaxLength(LONGEST_TEXT);
        Div form = new Div(amount, reason, preview);
        form.addClassName("policy-form");
        add(form);
        preview();
        amount.focus();
    }

    @Override
    protected void trySubmit() {
        amount.setInvalid(wanted().isEmpty());
        reason.setInvalid(reason.getValue().isBlank());
        if (amount.isInvalid()) {
            amount.focus();
            return;
        }
        if (reason.isInvalid()) {
            reason.focus();
            return;
        }
        try {
            requests.ask(
                    new CreateQuotaRequest(
                            policy.id(),
                            policy.revision(),
                            wanted().orElseThrow(),
                            reason.getValue().strip()));
            Notices.success(getTranslation("request.ask.done", policy.name()));
        } catch (RegistryException e) {
            if (!e.is(ErrorCode.CONFLICT) && !e.is(ErrorCode.NOT_FOUND)) {
                throw e;
            }
            Notices.error(
                    getTranslation("request.ask.stale"),
                    Objects.requireNonNullElse(e.detail(), ""),
                    e.requestId());
        }
        close();
        whenDone.run();
    }

    private OptionalLong wanted() {
        OptionalLong typed = AmountText.parse(amount.getValue(), policy.unit());
        return typed.isPresent() && typed.getAsLong() > policy.amount()
                ? typed
                : OptionalLong.empty();
    }

    private void preview() {
        amount.setInvalid(false);
        OptionalLong wanted = wanted();
        preview.setText(
                wanted.isPresent()
                        ? RequestWords.raise(policy, policy.amount(), wanted.getAsLong(), words)
                        : getTranslation("request.preview.none"));
    }
}
