package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.TenantQuotas;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Policy;
import java.util.Optional;

/** Asks for a limit and says all the while in one sentence what it would mean. */
final class CreatePolicyDialog extends FormDialog {
    private final transient TenantQuotas quotas;
    private final transient PolicyWords words;
    private final transient Runnable whenDone;
    private final SubjectPicker subject;
    private final CountPicker count = new CountPicker(this::suit);
    private final PolicyLimits limits = new PolicyLimits(this::preview);
    private final Paragraph preview = Previews.create();

    CreatePolicyDialog(
            TenantQuotas quotas, SubjectChoices choices, PolicyWords words, Runnable whenDone) {
        super(
                "create-policy-dialog",
                I18NProvider.translate("quota.create"),
                I18NProvider.translate("quota.create"));
        this.quotas = quotas;
        this.words = words;
        this.whenDone = whenDone;
        subject = new SubjectPicker(choices, this::preview);
        Div form = new Div(subject, count, limits, preview);
        form.addClassName("policy-form");
        add(form);
        suit();
        limits.focusAmount();
    }

    @Override
    protected void trySubmit() {
        subject.complain();
        if (!limits.check() || subject.subject().isEmpty()) {
            return;
        }
        Policy made = quotas.create(wanted().orElseThrow());
        Notices.success(getTranslation("quota.create.done", made.name()));
        close();
        whenDone.run();
    }

    private void suit() {
        limits.suit(count.unit(), count.window());
        preview();
    }

    private void preview() {
        Optional<CreatePolicy> wanted = wanted();
        preview.setText(wanted.map(words::sentence).orElse(getTranslation("quota.preview.none")));
        limits.suggestName(wanted.map(words::suggestedName).orElse(""));
    }

    private Optional<CreatePolicy> wanted() {
        if (limits.amount().isEmpty() || subject.subject().isEmpty()) {
            return Optional.empty();
        }
        CreatePolicy nameless =
                new CreatePolicy(
                        "",
                        subject.subject().orElseThrow(),
                        count.unit(),
                        count.window(),
                        limits.amount().orElseThrow(),
                        limits.burst(),
                        limits.mode(),
                        limits.warnPercent());
        String name = limits.name();
        return Optional.of(
                new CreatePolicy(
                        name.isEmpty() ? words.suggestedName(nameless) : name,
                        nameless.subject(),
                        nameless.unit(),
                        nameless.window(),
                        nameless.amount(),
                        nameless.burst(),
                        nameless.mode(),
                        nameless.warnPercent()));
    }
}
