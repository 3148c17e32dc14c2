package dev.atrium.portal.admin;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.ActionButton;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.registry.RegistryAdmin;
import dev.atrium.registry.api.node.CreateJoinToken;
import dev.atrium.registry.api.node.JoinToken;
import dev.atrium.registry.api.node.MemberRole;
import java.util.List;

/** Makes a one-use token with which a machine joins; shows it once, as the variable to set. */
final class JoinTokenDialog extends FormDialog {
    private static final int USUAL_MINUTES = 60;

    private final transient RegistryAdmin admin;
    private final MemberRole role;
    private final Select<Integer> minutes = new Select<>();

    JoinTokenDialog(RegistryAdmin admin, MemberRole role) {
        super(
                "join-token-dialog",
                I18NProvider.translate("join.title." + key(role)),
                I18NProvider.translate("join.create"));
        this.admin = admin;
        this.role = role;
        minutes.setId("join-minutes");
        minutes.setLabel(getTranslation("join.valid"));
        minutes.setItems(List.of(15, USUAL_MINUTES, 24 * USUAL_MINUTES));
        minutes.setItemLabelGenerator(value -> getTranslation("join.valid." + value));
        minutes.setValue(USUAL_MINUTES);
        minutes.setWidthFull();
        Paragraph text = new Paragraph(getTranslation("join.text"));
        text.addClassName("hint");
        Div content = new Div(text, minutes);
        content.addClassName("secret-note");
        add(content);
    }

    /** The button that opens the dialog. */
    static Button opener(String id, RegistryAdmin admin, MemberRole role) {
        return ActionButton.primary(
                id,
                Icon.ADD,
                I18NProvider.translate("nodes.join"),
                () -> new JoinTokenDialog(admin, role).open());
    }

    @Override
    protected void trySubmit() {
        JoinToken token = admin.createJoinToken(new CreateJoinToken(role, minutes.getValue()));
        becomeResult(getTranslation("join.created"));
        removeAll();
        Paragraph once =
                new Paragraph(
                        getTranslation(
                                "join.once", Moments.formatted(token.expiresAt(), getLocale())));
        once.addClassName("notice-once");
        String variable =
                switch (role) {
                    case NODE -> "ATRIUM_NODE_JOIN_TOKEN";
                    case GATEWAY -> "ATRIUM_GATEWAY_JOIN_TOKEN";
                };
        CodeBlock code = new CodeBlock("export " + variable + "=" + token.token());
        code.setId("join-token");
        Div note = new Div(once, code);
        note.addClassName("secret-note");
        add(note);
    }

    private static String key(MemberRole role) {
        return role.name().toLowerCase(java.util.Locale.ROOT);
    }
}
