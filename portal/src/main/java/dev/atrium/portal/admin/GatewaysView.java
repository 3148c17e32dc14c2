package dev.atrium.portal.admin;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.ListPage;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.security.Permissions;
import dev.atrium.portal.shell.Refresh;
import dev.atrium.registry.api.node.Gateway;
import dev.atrium.registry.api.node.MemberRole;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.util.Locale;

@Route("admin/gateways")
@Menu(title = "nav.gateways", order = 120, icon = "gateway")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class GatewaysView extends Div implements ListPage {
    private final transient RegistryAdmin admin;
    private final transient Clock clock;
    private final DataTable<Gateway> table;

    GatewaysView(RegistryAdmin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        add(
                header().actions(createJoin("join-gateway")),
                TitledPage.card(table),
                new Refresh(this::reload));
    }

    @Override
    public String texts() {
        return "gateways";
    }

    private Button createJoin(String id) {
        return JoinTokenDialog.opener(id, admin, MemberRole.GATEWAY);
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
        return new RowName(gateway.name(), Mono.shortened(gateway.id().toString(), 13));
    }

    @Override
    public void reload() {
        table.load(admin::gateways);
    }
}
