package dev.atrium.portal.quota;

import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.radiobutton.RadioGroupVariant;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryException;
import dev.atrium.portal.registry.RequestDesk;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.DecideQuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.RequestDecision;
import dev.atrium.registry.api.quota.RequestState;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides a request; when its limit was changed meanwhile, shows that instead of overwriting it.
 */
final class DecideDialog extends FormDialog {
    private final transient RequestDesk desk;
    private final transient PolicyWords words;
    private final transient Runnable whenDone;
    private final RadioButtonGroup<RequestDecision> decision = new RadioButtonGroup<>();
    private final TextField amount = new TextField();
    private final TextArea note = new TextArea();
    private final DateTimePicker until = new DateTimePicker();
    private final Paragraph preview = Previews.create();
    private final Span wish = new Span();
    private final Div conflict = new Div();
    private transient QuotaRequest request;

    DecideDialog(RequestDesk desk, QuotaRequest request, PolicyWords words, Runnable whenDone) {
        super(
                "decide-dialog",
                I18NProvider.translate("request.decide.named", request.policy().name()),
                I18NProvider.translate("request.decide"));
        this.desk = desk;
        this.request = request;
        this.words = words;
        this.whenDone = whenDone;
        conflict.setId("decide-conflict");
        conflict.addClassNames("notice-box", "notice-quiet");
        conflict.getElement().setAttribute("role", "alert");
        conflict.setVisible(false);
        createDecision();
        createFields();
        Paragraph reason = new Paragraph(request.reason());
        reason.addClassName("request-text");
        Div form =
                new Div(
                        conflict,
                        new Span(
                                getTranslation(
                                        "request.by", RequestWords.person(request.requestedBy()))),
                        wish,
                        reason,
                        decision,
                        amount,
                        note,
                        until,
                        preview);
        form.addClassName("policy-form");
        add(form);
        read();
    }

    private void createDecision() {
        decision.setId("decision");
        decision.setLabel(getTranslation("request.decision"));
        decision.addThemeVariants(RadioGroupVariant.LUMO_VERTICAL);
        decision.setItemLabelGenerator(each -> Texts.ofPage().constant("request.decision", each));
        decision.addValueChangeListener(change -> suit());
    }

    private void createFields() {
        amount.setId("decide-amount");
        amount.setLabel(getTranslation("request.granted"));
        amount.setErrorMessage(getTranslation("request.granted.between"));
        amount.setRequiredIndicatorVisible(true);
        amount.getElement().setAttribute("inputmode", "decimal");
        amount.setValueChangeMode(ValueChangeMode.LAZY);
        amount.addValueChangeListener(change -> preview());
        note.setId("decide-note");
        note.setMaxLength(AskDialog.LONGEST_TEXT);
        note.setErrorMessage(getTranslation("request.note.required"));
        until.setId("decide-until");
        until.setLabel(getTranslation("request.end"));
        until.setHelperText(getTranslation("request.end.help"));
        until.setErrorMessage(getTranslation("request.end.future"));
        until.addValueChangeListener(change -> preview());
    }

    private void read() {
        wish.setText(RequestWords.wish(request, words));
        boolean isRaise = !request.policyDeleted() && request.amount() > request.policy().amount();
        decision.setItems(
                isRaise ? List.of(RequestDecision.values()) : List.of(RequestDecision.DENY));
        decision.setValue(isRaise ? RequestDecision.APPROVE : RequestDecision.DENY);
        if (!isRaise) {
            say(getTranslation(request.policyDeleted() ? "request.gone" : "request.noraise"));
        }
        amount.setHelperText(
                getTranslation(
                        "request.granted.help",
                        words.figure(request.policy().unit(), request.policy().amount()),
                        words.figure(request.policy().unit(), request.amount())));
        suit();
    }

    private void suit() {
        boolean isDenial = chosen() == RequestDecision.DENY;
        boolean isApproval = chosen() == RequestDecision.APPROVE;
        amount.setVisible(chosen() == RequestDecision.TRIM);
        until.setVisible(!isDenial);
        note.setLabel(getTranslation(isApproval ? "request.note.optional" : "request.note"));
        note.setRequiredIndicatorVisible(!isApproval);
        note.setInvalid(false);
        preview();
    }

    private RequestDecision chosen() {
        return Objects.requireNonNullElse(decision.getValue(), RequestDecision.DENY);
    }

    @Override
    protected void trySubmit() {
        if (!check()) {
            return;
        }
        try {
            QuotaRequest decided = desk.decide(request.id(), decision());
            Notices.success(
                    getTranslation(
                            "request.decided." + RequestWords.key(decided.state()),
                            decided.policy().name()));
        } catch (RegistryException e) {
            if (!e.is(ErrorCode.CONFLICT)) {
                throw e;
            }
            if (isStillOpen(e)) {
                return;
            }
        }
        close();
        whenDone.run();
    }

    /** Somebody else has decided, or has changed the limit: the one ends this, the other not. */
    private boolean isStillOpen(RegistryException refused) {
        request = desk.get(request.id());
        whenDone.run();
        if (request.state() != RequestState.OPEN) {
            Notices.error(
                    getTranslation("request.decided.before"),
                    Objects.requireNonNullElse(refused.detail(), ""),
                    refused.requestId());
            return false;
        }
        say(getTranslation("request.changed"));
        read();
        return true;
    }

    private void say(String text) {
        conflict.setText(text);
        conflict.setVisible(true);
    }

    private boolean check() {
        boolean isApproval = chosen() == RequestDecision.APPROVE;
        amount.setInvalid(amount.isVisible() && granted().isEmpty());
        note.setInvalid(!isApproval && note.getValue().isBlank());
        Instant end = end();
        until.setInvalid(until.isVisible() && end != null && !end.isAfter(Instant.now()));
        if (amount.isInvalid()) {
            amount.focus();
        } else if (note.isInvalid()) {
            note.focus();
        }
        return !amount.isInvalid() && !note.isInvalid() && !until.isInvalid();
    }

    private DecideQuotaRequest decision() {
        boolean isDenial = chosen() == RequestDecision.DENY;
        return new DecideQuotaRequest(
                chosen(),
                isDenial ? null : request.policy().revision(),
                chosen() == RequestDecision.TRIM ? granted().orElseThrow() : null,
                note.getValue().isBlank() ? null : note.getValue().strip(),
                isDenial ? null : end());
    }

    private @Nullable Instant end() {
        return until.getValue() == null
                ? null
                : until.getValue().atZone(Moments.zone()).toInstant();
    }

    private OptionalLong granted() {
        if (chosen() == RequestDecision.APPROVE) {
            return OptionalLong.of(request.amount());
        }
        OptionalLong typed = AmountText.parse(amount.getValue(), request.policy().unit());
        return typed.isPresent()
                        && typed.getAsLong() > request.policy().amount()
                        && typed.getAsLong() < request.amount()
                ? typed
                : OptionalLong.empty();
    }

    private void preview() {
        amount.setInvalid(false);
        Instant end = end();
        if (chosen() == RequestDecision.DENY) {
            preview.setText(getTranslation("request.preview.deny"));
        } else if (granted().isEmpty()) {
            preview.setText(getTranslation("request.preview.none"));
        } else {
            String raise =
                    RequestWords.raise(
                            request.policy(),
                            request.policy().amount(),
                            granted().getAsLong(),
                            words);
            preview.setText(
                    end == null
                            ? raise
                            : getTranslation(
                                    "request.preview.until",
                                    raise,
                                    Moments.formatted(end, getLocale())));
        }
    }
}
