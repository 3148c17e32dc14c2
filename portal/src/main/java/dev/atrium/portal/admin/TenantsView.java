package dev.atrium.portal.admin;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.Confirmation;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.members.AddMemberDialog;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantStatus;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;

@Route("admin/tenants")
@Menu(title = "nav.tenants", order = 100, icon = "tenant")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class TenantsView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private final transient RegistryAdmin admin;
    private final transient Clock clock;
    private final DataTable<Tenant> table;

    TenantsView(RegistryAdmin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        Div card = new Div(table);
        card.addClassNames("panel", "flush");
        Button create = new Button(getTranslation("tenants.create"), Icon.ADD.create());
        create.setId("create-tenant");
        create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        create.addClickListener(click -> new CreateTenantDialog(admin, this::reload).open());
        add(
                new PageHeader(getTranslation("tenants.title"), getTranslation("tenants.lead"))
                        .actions(create),
                card);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        reload();
    }

    @Override
    public String getPageTitle() {
        return getTranslation("tenants.title") + " · Atrium";
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
        Span name = new Span(tenant.name());
        name.addClassName("row-title");
        Div cell = new Div(name, new Mono(tenant.slug()));
        cell.addClassName("stack");
        return cell;
    }

    private Component createStatus(Tenant tenant) {
        return switch (tenant.status()) {
            case ACTIVE -> new Badge(Tone.GOOD, getTranslation("tenants.active"));
            case SUSPENDED -> new Badge(Tone.BAD, getTranslation("tenants.suspended"));
        };
    }

    private Component createActions(Tenant tenant) {
        Button member = action("tenants.addmember", "add-member-" + tenant.slug());
        member.setAriaLabel(getTranslation("tenants.addmember.named", tenant.name()));
        member.addClickListener(click ->
                new AddMemberDialog(request -> admin.addMember(tenant.id(), request)).open());
        Button status =
                switch (tenant.status()) {
                    case ACTIVE -> {
                        Button suspend = action("tenants.suspend", "suspend-" + tenant.slug());
                        suspend.addThemeVariants(ButtonVariant.LUMO_ERROR);
                        suspend.setAriaLabel(
                                getTranslation("tenants.suspend.named", tenant.name()));
                        suspend.addClickListener(click -> confirmSuspend(tenant));
                        yield suspend;
                    }
                    case SUSPENDED -> {
                        Button resume = action("tenants.resume", "resume-" + tenant.slug());
                        resume.setAriaLabel(getTranslation("tenants.resume.named", tenant.name()));
                        resume.addClickListener(
                                click -> setStatus(tenant, TenantStatus.ACTIVE, "tenants.resumed"));
                        yield resume;
                    }
                };
        Div actions = new Div(member, status);
        actions.addClassNames("actions", "end");
        return actions;
    }

    private Button action(String key, String id) {
        Button button = new Button(getTranslation(key));
        button.setId(id);
        button.addThemeVariants(ButtonVariant.LUMO_TERTIARY, ButtonVariant.LUMO_SMALL);
        return button;
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

    private void reload() {
        table.load(admin::tenants);
    }
}
