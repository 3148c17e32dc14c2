package dev.atrium.portal.admin;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.Confirmation;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.ListPage;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.members.AddMemberDialog;
import dev.atrium.portal.quota.QuotasNavigation;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantStatus;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;

@Route("admin/tenants")
@Menu(title = "nav.tenants", order = 100, icon = "tenant")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class TenantsView extends Div implements ListPage {
    private final transient RegistryAdmin admin;
    private final transient Clock clock;
    private final DataTable<Tenant> table;

    TenantsView(RegistryAdmin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        Button create =
                ActionButton.primary(
                        "create-tenant",
                        Icon.ADD,
                        getTranslation("tenants.create"),
                        () -> new CreateTenantDialog(admin, this::reload).open());
        add(header().actions(create), TitledPage.card(table));
    }

    @Override
    public String texts() {
        return "tenants";
    }

    private DataTable<Tenant> createTable() {
        return new DataTable<Tenant>("tenants", getTranslation("tenants.title"))
                .name(getTranslation("tenants.name"), TenantsView::createName)
                .column(getTranslation("tenants.status"), this::createStatus)
                .text(getTranslation("tenants.zone"), Tenant::timeZone)
                .column(
                        getTranslation("tenants.created"),
                        tenant -> Moments.ago(tenant.createdAt(), clock.instant()))
                .actions(this::createActions)
                .rowId(tenant -> "tenant-" + tenant.slug())
                .whenEmpty(
                        new EmptyState(
                                Icon.TENANT,
                                getTranslation("tenants.empty.title"),
                                getTranslation("tenants.empty.text")));
    }

    private static Component createName(Tenant tenant) {
        return new RowName(tenant.name(), new Mono(tenant.slug()));
    }

    private Component createStatus(Tenant tenant) {
        return switch (tenant.status()) {
            case ACTIVE -> new Badge(Tone.GOOD, getTranslation("tenants.active"));
            case SUSPENDED -> new Badge(Tone.BAD, getTranslation("tenants.suspended"));
        };
    }

    private Component createActions(Tenant tenant) {
        Div actions =
                new Div(
                        action(
                                tenant,
                                "quotas",
                                "quotas-",
                                () -> QuotasNavigation.toTenant(tenant.id())),
                        action(tenant, "addmember", "add-member-", () -> openAddMember(tenant)),
                        createStatusAction(tenant));
        actions.addClassNames("actions", "end");
        return actions;
    }

    private Button createStatusAction(Tenant tenant) {
        return switch (tenant.status()) {
            case ACTIVE ->
                    action(tenant, "suspend", "suspend-", () -> confirmSuspend(tenant)).dangerous();
            case SUSPENDED ->
                    action(
                            tenant,
                            "resume",
                            "resume-",
                            () -> setStatus(tenant, TenantStatus.ACTIVE, "tenants.resumed"));
        };
    }

    private ActionButton action(Tenant tenant, String verb, String id, Runnable action) {
        return ActionButton.inRow(
                id + tenant.slug(),
                getTranslation("tenants." + verb),
                getTranslation("tenants." + verb + ".named", tenant.name()),
                action);
    }

    private void openAddMember(Tenant tenant) {
        new AddMemberDialog(request -> admin.addMember(tenant.id(), request)).open();
    }

    private void confirmSuspend(Tenant tenant) {
        Confirmation.ask(
                "confirm-suspend",
                getTranslation("tenants.suspend.title", tenant.name()),
                getTranslation("tenants.suspend.text"),
                getTranslation("tenants.suspend"),
                () -> setStatus(tenant, TenantStatus.SUSPENDED, "tenants.suspend.done"));
    }

    private void setStatus(Tenant tenant, TenantStatus status, String message) {
        admin.setStatus(tenant.id(), status);
        Notices.success(getTranslation(message, tenant.name()));
        reload();
    }

    @Override
    public void reload() {
        table.load(admin::tenants);
    }
}
