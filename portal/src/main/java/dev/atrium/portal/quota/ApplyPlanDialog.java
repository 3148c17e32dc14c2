package dev.atrium.portal.quota;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.registry.RegistryException;
import dev.atrium.portal.registry.RegistryPlans;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.ApplyPlan;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.tenancy.Tenant;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows what a plan would change for a tenant, and does just that. */
final class ApplyPlanDialog extends FormDialog {
    private final transient RegistryPlans plans;
    private final transient Plan plan;
    private final transient Runnable whenDone;
    private final ComboBox<Tenant> tenant = new ComboBox<>();
    private final UnorderedList changes = new UnorderedList();
    private final Div conflict = new Div();
    private final Paragraph summary = Previews.create();
    private transient @Nullable PlanPreview preview;

    ApplyPlanDialog(RegistryPlans plans, RegistryAdmin admin, Plan plan, Runnable whenDone) {
        super(
                "apply-plan-dialog",
                I18NProvider.translate("plans.apply.named", plan.name()),
                I18NProvider.translate("plans.apply.do"));
        this.plans = plans;
        this.plan = plan;
        this.whenDone = whenDone;
        tenant.setId("plan-tenant");
        tenant.setLabel(getTranslation("prices.tenant"));
        tenant.setErrorMessage(getTranslation("prices.tenant.required"));
        tenant.setRequiredIndicatorVisible(true);
        tenant.setItems(admin.allTenants());
        tenant.setItemLabelGenerator(Tenant::name);
        tenant.addValueChangeListener(change -> look());
        changes.setId("plan-changes");
        changes.addClassName("plan-changes");
        conflict.setId("plan-conflict");
        conflict.addClassNames("notice-box", "notice-quiet");
        conflict.getElement().setAttribute("role", "alert");
        conflict.setVisible(false);
        Div form = new Div(tenant, conflict, changes, summary);
        form.addClassName("policy-form");
        add(form);
        look();
    }

    @Override
    protected void trySubmit() {
        tenant.setInvalid(tenant.isEmpty());
        PlanPreview seen = preview;
        if (tenant.isInvalid() || seen == null) {
            return;
        }
        Tenant chosen = tenant.getValue();
        try {
            plans.apply(chosen.id(), new ApplyPlan(plan.id(), seen.digest()));
        } catch (RegistryException e) {
            if (!e.is(ErrorCode.CONFLICT)) {
                throw e;
            }
            look();
            conflict.setText(Objects.requireNonNullElse(e.detail(), ""));
            conflict.setVisible(true);
            return;
        }
        Notices.success(getTranslation("plans.apply.done", plan.name(), chosen.name()));
        close();
        whenDone.run();
    }

    private void look() {
        conflict.setVisible(false);
        changes.removeAll();
        Tenant chosen = tenant.getValue();
        preview = chosen == null ? null : plans.preview(plan.id(), chosen.id());
        if (preview == null) {
            summary.setText(getTranslation("plans.apply.choose"));
            return;
        }
        preview.changes().forEach(change -> changes.add(createChange(change)));
        long count =
                preview.changes().stream()
                        .filter(change -> change.kind() != PlanChange.Kind.KEEP)
                        .mapToLong(change -> Math.max(1, change.count()))
                        .sum();
        summary.setText(getTranslation("plans.apply.summary", count));
    }

    private ListItem createChange(PlanChange change) {
        Tone tone =
                switch (change.kind()) {
                    case CREATE -> Tone.GOOD;
                    case UPDATE -> Tone.BUSY;
                    case REMOVE -> Tone.BAD;
                    case KEEP -> Tone.QUIET;
                };
        Badge badge = new Badge(tone, Texts.ofPage().constant("plans.change", change.kind()));
        badge.addClassName("still");
        Span figures =
                new Span(
                        Stream.of(figures(change), whose(change))
                                .filter(words -> !words.isEmpty())
                                .collect(Collectors.joining(", ")));
        figures.addClassName("quiet");
        return new ListItem(badge, new Span(change.limit()), figures);
    }

    /** Whom it is for, and how many there are of those for each project or key. */
    private String whose(PlanChange change) {
        String count = getTranslation("plans.change.count", change.count());
        PlanLimit wanted = change.wanted();
        if (wanted != null) {
            String scope = PlanWords.scope(wanted);
            return wanted.scope().isEach() ? scope + ": " + count : scope;
        }
        Policy policy = change.policy();
        return policy == null
                        || policy.subject().projectId() != null
                        || policy.subject().apiKeyId() != null
                ? count
                : words().subject(policy.subject());
    }

    private PolicyWords words() {
        return PolicyWords.ofPage(getLocale(), SubjectNames.UNKNOWN);
    }

    private String figures(PlanChange change) {
        Policy policy = change.policy();
        PlanLimit wanted = change.wanted();
        String before =
                policy == null
                        ? ""
                        : words().amount(policy.unit(), policy.window(), policy.amount());
        String after = wanted == null ? "" : PlanWords.amount(wanted, getLocale());
        return change.kind() == PlanChange.Kind.UPDATE && !before.equals(after)
                ? before + " → " + after
                : after.isEmpty() ? before : after;
    }
}
