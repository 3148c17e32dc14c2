package dev.atrium.portal.quota;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouteParam;
import com.vaadin.flow.router.RouteParameters;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.ListPage;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.registry.RegistryPlans;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.quota.Plan;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;

/** The platform's plans. */
@Route("admin/plans")
@Menu(title = "nav.plans", order = 104, icon = "plan")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class PlansView extends Div implements ListPage {
    private final transient RegistryPlans plans;
    private final transient Clock clock;
    private final DataTable<Plan> table;

    PlansView(RegistryPlans plans, RegistryModels models, Clock clock) {
        this.plans = plans;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        add(
                header().actions(
                                ActionButton.primary(
                                        "create-plan",
                                        Icon.ADD,
                                        getTranslation("plans.create"),
                                        () ->
                                                PlanLimitDialog.ofNew(
                                                                plans, models, PlansView::open)
                                                        .open())),
                TitledPage.card(table));
    }

    @Override
    public String texts() {
        return "plans";
    }

    @Override
    public void reload() {
        table.load(plans::list);
    }

    private DataTable<Plan> createTable() {
        return new DataTable<Plan>("plans", getTranslation("plans.title"))
                .name(
                        getTranslation("plans.name"),
                        plan ->
                                new RowName(
                                        plan.name(),
                                        new Span(
                                                getTranslation(
                                                        "plans.limits", plan.limits().size()))))
                .number(
                        getTranslation("plans.tenants"),
                        plan -> Amounts.count(plan.tenants(), getLocale()))
                .column(
                        getTranslation("plans.changed"),
                        plan -> Moments.ago(plan.updatedAt(), clock.instant()))
                .actions(this::createActions)
                .rowId(plan -> "plan-" + plan.id())
                .whenEmpty(
                        new EmptyState(
                                Icon.PLAN,
                                getTranslation("plans.empty.title"),
                                getTranslation("plans.empty.text")));
    }

    private Component createActions(Plan plan) {
        Div actions =
                new Div(
                        ActionButton.inRow(
                                "open-" + plan.id(),
                                getTranslation("plans.open"),
                                getTranslation("plans.open.named", plan.name()),
                                () -> open(plan)));
        actions.addClassNames("actions", "end");
        return actions;
    }

    private static void open(Plan plan) {
        UI.getCurrent()
                .navigate(
                        PlanView.class,
                        new RouteParameters(new RouteParam(PlanView.PLAN, plan.id().toString())));
    }
}
