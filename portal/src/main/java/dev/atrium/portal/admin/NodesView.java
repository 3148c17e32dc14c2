package dev.atrium.portal.admin;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.ListPage;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.ShareBar;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.portal.security.Permissions;
import dev.atrium.portal.shell.Refresh;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.node.Node;
import dev.atrium.registry.api.node.WallLevel;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.util.Locale;

@Route("admin/nodes")
@Menu(title = "nav.nodes", order = 110, icon = "node")
@RolesAllowed(Permissions.PLATFORM_ADMIN)
class NodesView extends Div implements ListPage {
    private static final double ALARMING = 0.9;

    private final transient RegistryAdmin admin;
    private final transient Clock clock;
    private final DataTable<Node> table;

    NodesView(RegistryAdmin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        add(
                header().actions(createJoin("join-node")),
                TitledPage.card(table),
                new Refresh(this::reload));
    }

    @Override
    public String texts() {
        return "nodes";
    }

    private Button createJoin(String id) {
        return JoinTokenDialog.opener(id, admin, MemberRole.NODE);
    }

    private DataTable<Node> createTable() {
        Locale locale = getLocale();
        return new DataTable<Node>("nodes", getTranslation("nodes.title"))
                .name(getTranslation("nodes.name"), NodesView::createName)
                .column(getTranslation("nodes.state"), node -> Aliveness.of(node.alive()))
                .column(getTranslation("nodes.memory"), this::createMemory)
                .column(getTranslation("nodes.replicas"), this::createReplicas)
                .number(
                        getTranslation("nodes.inflight"),
                        node -> Amounts.count(node.inFlight(), locale))
                .number(
                        getTranslation("nodes.cpus"),
                        node -> Amounts.count(node.capacity().cpus(), locale))
                .column(getTranslation("nodes.sandbox"), this::createWalls)
                .column(
                        getTranslation("nodes.seen"),
                        node -> Moments.ago(node.lastSeenAt(), clock.instant()))
                .rowId(node -> "node-" + node.name())
                .whenEmpty(
                        new EmptyState(
                                Icon.NODE,
                                getTranslation("nodes.empty.title"),
                                getTranslation("nodes.empty.text"),
                                createJoin("join-first-node")));
    }

    private static Component createName(Node node) {
        return new RowName(node.name(), new Mono(node.url()));
    }

    private Component createMemory(Node node) {
        long all = node.capacity().memoryBytes();
        double share = all == 0 ? 0 : Math.clamp((double) node.usedMemoryBytes() / all, 0, 1);
        Span text =
                new Span(
                        getTranslation(
                                "nodes.memory.of",
                                Amounts.bytes(node.usedMemoryBytes(), getLocale()),
                                Amounts.bytes(all, getLocale())));
        text.addClassName("quiet");
        Div cell = new Div(new ShareBar(share).alarming(share > ALARMING), text);
        cell.addClassName("stack");
        return cell;
    }

    private Component createReplicas(Node node) {
        Div cell = new Div();
        cell.addClassName("chips");
        if (node.readyReplicas() > 0) {
            cell.add(new Badge(Tone.GOOD, getTranslation("nodes.ready", node.readyReplicas())));
        }
        if (node.failedReplicas() > 0) {
            cell.add(new Badge(Tone.BAD, getTranslation("nodes.failed", node.failedReplicas())));
        }
        if (cell.getComponentCount() == 0) {
            Span none = new Span("—");
            none.addClassName("quiet");
            cell.add(none);
        }
        return cell;
    }

    private Component createWalls(Node node) {
        Span words = new Span(node.capacity().sandbox());
        words.addClassName("quiet");
        WallLevel wall = node.capacity().wall();
        if (wall == null) {
            return words;
        }
        Div cell = new Div(createWall(wall), words);
        if (wall == WallLevel.NONE) {
            cell.add(new Span(getTranslation("nodes.wall.none.fix")));
        }
        cell.addClassName("stack");
        return cell;
    }

    private Badge createWall(WallLevel wall) {
        return switch (wall) {
            case BUBBLEWRAP -> new Badge(Tone.GOOD, getTranslation("nodes.wall.bubblewrap"));
            case LANDLOCK -> new Badge(Tone.GOOD, getTranslation("nodes.wall.landlock"));
            case NONE -> new Badge(Tone.BAD, getTranslation("nodes.wall.none"));
        };
    }

    @Override
    public void reload() {
        table.load(admin::nodes);
    }
}
