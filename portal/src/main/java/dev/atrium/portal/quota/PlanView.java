package dev.atrium.portal.quota;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Confirmation;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.registry.RegistryPlans;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.UpdatePlan;
import jakarta.annotation.security.RolesAllowed;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The limits of one plan, and its application to tenants. */
@Route("admin/plans/:" + PlanView.PLAN)
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class PlanView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    static final String PLAN = "planId";

    private final transient RegistryPlans plans;
    private final transient RegistryAdmin admin;
    private final transient RegistryModels models;
    private String title = "";

    PlanView(RegistryPlans plans, RegistryAdmin admin, RegistryModels models) {
        this.plans = plans;
        this.admin = admin;
        this.models = models;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        event.getRouteParameters()
                .get(PLAN)
                .flatMap(PlanView::id)
                .flatMap(plans::find)
                .ifPresentOrElse(this::show, () -> event.rerouteToError(NotFoundException.class));
    }

    private static Optional<PlanId> id(String text) {
        try {
            return Optional.of(new PlanId(UUID.fromString(text)));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    @Override
    public String getPageTitle() {
        return TitledPage.named(title);
    }

    private void show(Plan plan) {
        title = plan.name();
        removeAll();
        DataTable<PlanLimit> table =
                new DataTable<PlanLimit>("plan-limits", plan.name())
                        .name(
                                getTranslation("plans.limit"),
                                limit ->
                                        new RowName(
                                                limit.name(),
                                                new Span(PlanWords.amount(limit, getLocale()))))
                        .text(getTranslation("quota.subject"), PlanWords::scope)
                        .text(
                                getTranslation("quota.mode"),
                                limit ->
                                        Texts.ofPage()
                                                .constant(
                                                        "quota.mode",
                                                        Objects.requireNonNullElse(
                                                                limit.mode(), Mode.HARD)))
                        .actions(limit -> createActions(plan, limit));
        table.show(plan.limits());
        add(createHeader(plan), TitledPage.card(table));
    }

    private PageHeader createHeader(Plan plan) {
        Anchor back =
                new Anchor(
                        "admin/plans", Icon.BACK.create(), new Span(getTranslation("plans.title")));
        back.addClassName("back-link");
        return new PageHeader(plan.name(), getTranslation("plans.plan.lead", plan.tenants()))
                .above(back)
                .actions(
                        ActionButton.inRow(
                                        "delete-plan",
                                        getTranslation("quota.remove"),
                                        getTranslation("quota.remove.named", plan.name()),
                                        () -> confirmDelete(plan))
                                .dangerous(),
                        ActionButton.inRow(
                                "add-plan-limit",
                                getTranslation("plans.add"),
                                getTranslation("plans.add"),
                                () -> PlanLimitDialog.in(plans, models, plan, this::show).open()),
                        ActionButton.primary(
                                "apply-plan",
                                Icon.ARROW,
                                getTranslation("plans.apply"),
                                () ->
                                        new ApplyPlanDialog(plans, admin, plan, () -> reload(plan))
                                                .open()));
    }

    private Component createActions(Plan plan, PlanLimit limit) {
        Div actions = new Div();
        actions.addClassNames("actions", "end");
        if (plan.limits().size() > 1) {
            actions.add(
                    ActionButton.inRow(
                                    "remove-limit-" + plan.limits().indexOf(limit),
                                    getTranslation("quota.remove"),
                                    getTranslation("quota.remove.named", limit.name()),
                                    () -> remove(plan, limit))
                            .dangerous());
        }
        return actions;
    }

    private void remove(Plan plan, PlanLimit limit) {
        List<PlanLimit> rest = plan.limits().stream().filter(each -> !each.equals(limit)).toList();
        show(plans.update(plan.id(), new UpdatePlan(plan.revision(), plan.name(), rest)));
    }

    private void reload(Plan plan) {
        plans.find(plan.id()).ifPresent(this::show);
    }

    private void confirmDelete(Plan plan) {
        Confirmation.ask(
                "confirm-delete-plan",
                getTranslation("quota.remove.title", plan.name()),
                getTranslation("plans.delete.text"),
                getTranslation("quota.remove"),
                () -> {
                    plans.delete(plan.id());
                    Notices.success(getTranslation("quota.remove.done", plan.name()));
                    UI.getCurrent().navigate(PlansView.class);
                });
    }
}
