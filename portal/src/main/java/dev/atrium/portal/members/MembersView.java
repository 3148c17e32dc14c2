package dev.atrium.portal.members;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.select.SelectVariant;
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
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryMembers;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;

@Route("members")
@Menu(title = "nav.members", order = 50, icon = "members")
@RolesAllowed(Permissions.MEMBERS_MANAGE)
class MembersView extends Div implements ListPage {
    private final transient RegistryMembers members;
    private final transient CurrentUser currentUser;
    private final transient Clock clock;
    private final DataTable<Member> table;

    MembersView(RegistryMembers members, CurrentUser currentUser, Clock clock) {
        this.members = members;
        this.currentUser = currentUser;
        this.clock = clock;
        addClassName("page");
        table = createTable();
        Button add =
                ActionButton.primary(
                        "add-member", Icon.ADD, getTranslation("members.add"), this::openAdd);
        add(header().actions(add), TitledPage.card(table));
    }

    @Override
    public String texts() {
        return "members";
    }

    private DataTable<Member> createTable() {
        return new DataTable<Member>("members", getTranslation("members.title"))
                .name(getTranslation("members.name"), this::createName)
                .column(getTranslation("members.role"), this::createRole)
                .column(getTranslation("members.state"), this::createState)
                .column(
                        getTranslation("members.since"),
                        member -> Moments.ago(member.since(), clock.instant()))
                .actions(this::createActions)
                .rowId(member -> "member-" + member.userId())
                .whenEmpty(
                        new EmptyState(
                                Icon.MEMBERS,
                                getTranslation("members.empty.title"),
                                getTranslation("members.empty.text")));
    }

    private Component createName(Member member) {
        Span name = RowName.title(member.displayName());
        Div cell = new Div(name);
        if (isMe(member)) {
            Span you = new Span(getTranslation("members.you"));
            you.addClassName("tag");
            cell = new Div(name, you);
        }
        cell.addClassName("chips");
        Span mail = new Span(member.email());
        mail.addClassName("quiet");
        Div both = new Div(cell, mail);
        both.addClassName("stack");
        return both;
    }

    private Component createRole(Member member) {
        if (isMe(member)) {
            return new Span(RoleTexts.of(member.role()));
        }
        Select<Role> role = new Select<>();
        role.setId("role-" + member.userId());
        role.addThemeVariants(SelectVariant.LUMO_SMALL);
        role.setItems(Role.values());
        role.setItemLabelGenerator(RoleTexts::of);
        role.setValue(member.role());
        role.setAriaLabel(getTranslation("members.role.of", member.displayName()));
        role.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                changeRole(member, change.getValue());
            }
        });
        return role;
    }

    private Component createState(Member member) {
        return member.active()
                ? new Badge(Tone.GOOD, getTranslation("members.active"))
                : new Badge(Tone.QUIET, getTranslation("members.blocked"));
    }

    private Component createActions(Member member) {
        if (isMe(member)) {
            return new Span();
        }
        return ActionButton.inRow(
                        "remove-" + member.userId(),
                        getTranslation("members.remove"),
                        getTranslation("members.remove.named", member.displayName()),
                        () -> confirmRemove(member))
                .dangerous();
    }

    private void changeRole(Member member, Role role) {
        try {
            members.changeRole(member.userId(), role);
            Notices.success(
                    getTranslation("members.role.done", member.displayName(), RoleTexts.of(role)));
        } finally {
            // A refused change must not stay on the screen.
            reload();
        }
    }

    private void confirmRemove(Member member) {
        Confirmation.ask(
                "confirm-remove-member",
                getTranslation("members.remove.title", member.displayName()),
                getTranslation("members.remove.text"),
                getTranslation("members.remove"),
                () -> {
                    members.remove(member.userId());
                    Notices.success(getTranslation("members.remove.done", member.displayName()));
                    reload();
                });
    }

    private void openAdd() {
        AddMemberDialog dialog = new AddMemberDialog(members::add);
        dialog.addOpenedChangeListener(change -> {
            if (!change.isOpened()) {
                reload();
            }
        });
        dialog.open();
    }

    private boolean isMe(Member member) {
        return member.userId().toString().equals(currentUser.get().principalId());
    }

    @Override
    public void reload() {
        table.load(members::list);
    }
}
