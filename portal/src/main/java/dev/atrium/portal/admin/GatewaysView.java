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
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.PageHeader;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.node.Gateway;
import dev.atrium.registry.api.node.MemberRole;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.util.Locale;

@Route("admin/gateways")
@Menu(title = "nav.gateways", order = 120, icon = "gateway")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class GatewaysView extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private final transient RegistryAdmin admin;
    private final transient Clock clock;
    private final DataTable<Gateway> table;

    GatewaysView(RegistryAdmin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        Div card = new Div(table);
        card.addClassNames("panel", "flush");
        add(
                new PageHeader(getTranslation("gateways.title"), getTranslation("gateways.lead"))
                        .actions(createJoin("join-gateway")),
                card,
                new Refresh(this::reload));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        reload();
    }

    @Override
    public String getPageTitle() {
        return getTranslation("gateways.title") + " · Atrium";
    }

    private Button createJoin(String id) {
        Button join = new Button(getTranslation("nodes.join"), Icon.ADD.create());
        join.setId(id);
        join.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        join.addClickListener(click -> new JoinTokenDialog(admin, MemberRole.GATEWAY).open());
        return join;
    }

    private DataTable<Gateway> createTable() {
        Locale locale = getLocale();
        return new DataTable<Gateway>("gateways", getTranslation("gateways.title"))
                .name(getTranslation("nodes.name"), GatewaysView::createName)
                .column(getTranslation("nodes.state"), gateway -> Aliveness.of(gateway.alive()))
                .number(
                        getTranslation("gateways.revision"),
                        gateway -> Amounts.count(gateway.feedRevision(), locale))
                .number(
                        getTranslation("gateways.unshipped"),
                        gateway -> Amounts.count(gateway.unshippedRecords(), locale))
                .column(
                        getTranslation("nodes.joined"),
                        gateway -> Moments.ago(gateway.joinedAt(), clock.instant()))
                .column(
                        getTranslation("nodes.seen"),
                        gateway -> Moments.ago(gateway.lastSeenAt(), clock.instant()))
                .rowId(gateway -> "gateway-" + gateway.name())
                .whenEmpty(
                        new EmptyState(
                                Icon.GATEWAY,
                                getTranslation("gateways.empty.title"),
                                getTranslation("gateways.empty.text"),
                                createJoin("join-first-gateway")));
    }

    private static Component createName(Gateway gateway) {
        Span name = new Span(gateway.name());
        name.addClassName("row-title");
        Div cell = new Div(name, Mono.shortened(gateway.id().toString(), 13));
        cell.addClassName("stack");
        return cell;
    }

    private void reload() {
        table.load(admin::gateways);
    }
}
