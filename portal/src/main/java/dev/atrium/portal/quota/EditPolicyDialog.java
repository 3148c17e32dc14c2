package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryException;
import dev.atrium.portal.registry.TenantQuotas;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.UpdatePolicy;
import org.jspecify.annotations.Nullable;

/** Changes a limit; when somebody else did so meanwhile, shows theirs instead of overwriting it. */
final class EditPolicyDialog extends FormDialog {
    private final transient TenantQuotas quotas;
    private final transient PolicyWords words;
    private final transient Runnable whenDone;
    private final long used;
    private final PolicyLimits limits = new PolicyLimits(this::preview);
    private final Paragraph preview = Previews.create();
    private final Div conflict = new Div();
    private Policy policy;

    EditPolicyDialog(
            TenantQuotas quotas, PolicyStatus status, PolicyWords words, Runnable whenDone) {
        super(
                "edit-policy-dialog",
                I18NProvider.translate("quota.edit.title", status.policy().name()),
                I18NProvider.translate("save"));
        this.quotas = quotas;
        this.words = words;
        this.whenDone = whenDone;
        this.used = status.used() + status.unreconciled();
        this.policy = status.policy();
        conflict.setId("policy-conflict");
        conflict.addClassNames("notice-box", "notice-quiet");
        conflict.getElement().setAttribute("role", "alert");
        conflict.setText(getTranslation("quota.conflict"));
        conflict.setVisible(false);
        Paragraph fixed = new Paragraph(getTranslation("quota.edit.fixed"));
        fixed.addClassName("hint");
        Div form = new Div(conflict, fixed, limits, preview);
        form.addClassName("policy-form");
        add(form);
        limits.read(policy);
        limits.focusAmount();
    }

    @Override
    protected void trySubmit() {
        if (!limits.check()) {
            return;
        }
        try {
            quotas.update(policy.id(), change());
        } catch (RegistryException e) {
            if (e.is(ErrorCode.CONFLICT)) {
                showTheirs();
                return;
            }
            throw e;
        }
        Notices.success(getTranslation("quota.edit.done", limits.name()));
        close();
        whenDone.run();
    }

    private UpdatePolicy change() {
        String name = limits.name();
        return new UpdatePolicy(
                policy.revision(),
                name.isEmpty() ? policy.name() : name,
                limits.amount().orElseThrow(),
                burst(),
                limits.mode(),
                limits.warnPercent());
    }

    /** An emptied field asks for what a new policy gets; null would keep the old burst. */
    private @Nullable Long burst() {
        Long typed = limits.burst();
        return typed == null && policy.window().isRate()
                ? Long.valueOf(Math.max(1, limits.amount().orElseThrow()))
                : typed;
    }

    private void showTheirs() {
        policy = quotas.get(policy.id());
        limits.read(policy);
        conflict.setVisible(true);
        whenDone.run();
    }

    private void preview() {
        if (limits.amount().isEmpty()) {
            preview.setText(getTranslation("quota.preview.none"));
            return;
        }
        long amount = limits.amount().getAsLong();
        String sentence =
                words.sentence(
                        new CreatePolicy(
                                limits.name(),
                                policy.subject(),
                                policy.unit(),
                                policy.window(),
                                amount,
                                limits.burst(),
                                limits.mode(),
                                limits.warnPercent()));
        preview.setText(amount < used ? sentence + " " + lowered() : sentence);
    }

    private String lowered() {
        return getTranslation("quota.edit.lowered", words.figure(policy.unit(), used));
    }
}
