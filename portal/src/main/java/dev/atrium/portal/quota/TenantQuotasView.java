package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.registry.RegistryProjects;
import dev.atrium.portal.registry.RegistryQuotas;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.api.tenancy.Tenant;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The limits of any tenant, for platform admins. */
@Route("admin/tenants/:" + QuotasNavigation.TENANT + "/quotas")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class TenantQuotasView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private final transient RegistryAdmin admin;
    private final transient RegistryQuotas quotas;
    private final transient RegistryProjects projects;
    private final transient RegistryApiKeys keys;
    private final transient RegistryModels models;
    private final transient Clock clock;
    private String title = "";

    TenantQuotasView(
            RegistryAdmin admin,
            RegistryQuotas quotas,
            RegistryProjects projects,
            RegistryApiKeys keys,
            RegistryModels models,
            Clock clock) {
        this.admin = admin;
        this.quotas = quotas;
        this.projects = projects;
        this.keys = keys;
        this.models = models;
        this.clock = clock;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        String id = event.getRouteParameters().get(QuotasNavigation.TENANT).orElse("");
        Optional<Tenant> tenant =
                admin.allTenants().stream()
                        .filter(each -> each.id().toString().equals(id))
                        .findFirst();
        tenant.ifPresentOrElse(this::show, () -> event.rerouteToError(NotFoundException.class));
    }

    @Override
    public String getPageTitle() {
        return TitledPage.named(title);
    }

    private void show(Tenant tenant) {
        title = getTranslation("quotas.of", tenant.name());
        removeAll();
        List<Project> itsProjects = projects.of(tenant.id());
        List<ApiKey> itsKeys = keys.of(tenant.id());
        QuotaBoard board =
                new QuotaBoard(
                        quotas.of(tenant.id()),
                        null,
                        () -> SubjectChoices.of(itsProjects, itsKeys, models),
                        PolicyWords.ofPage(getLocale(), SubjectNames.of(itsProjects, itsKeys)),
                        Rights.PLATFORM,
                        tenant.timeZone(),
                        clock);
        board.reload();
        Anchor back =
                new Anchor(
                        "admin/tenants",
                        Icon.BACK.create(),
                        new Span(getTranslation("tenants.title")));
        back.addClassName("back-link");
        add(
                new PageHeader(title, getTranslation("quotas.of.lead"))
                        .above(back)
                        .actions(board.createButton("create-policy")),
                board);
    }
}
