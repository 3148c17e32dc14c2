package dev.atrium.portal.quota;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.RouteParam;
import com.vaadin.flow.router.RouteParameters;
import com.vaadin.flow.router.RouterLink;
import dev.atrium.registry.api.tenancy.TenantId;

/** The way to the limits. */
public final class QuotasNavigation {
    static final String PATH = "quotas";
    static final String TENANT = "tenantId";

    private QuotasNavigation() {}

    public static RouterLink link(String text) {
        return new RouterLink(text, QuotasView.class);
    }

    /** To the requests for more that wait for a decision. */
    static RouterLink toRequests(String text) {
        return new RouterLink(text, RequestsView.class);
    }

    /** To those that the platform decides. */
    static RouterLink toAllRequests(String text) {
        return new RouterLink(text, AllRequestsView.class);
    }

    /** To the limits of any tenant, for platform admins. */
    public static void toTenant(TenantId tenant) {
        UI.getCurrent().navigate(TenantQuotasView.class, parameters(tenant));
    }

    static RouterLink link(TenantId tenant, String text) {
        return new RouterLink(text, TenantQuotasView.class, parameters(tenant));
    }

    private static RouteParameters parameters(TenantId tenant) {
        return new RouteParameters(new RouteParam(TENANT, tenant.toString()));
    }
}
