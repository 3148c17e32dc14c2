package dev.atrium.portal.members;

import com.vaadin.flow.component.formlayout.FormLayout;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.radiobutton.RadioGroupVariant;
import com.vaadin.flow.component.textfield.EmailField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.design.FormDialog;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.Role;
import java.util.function.Function;

/** Adds a person to a tenant; shows the generated first password, once. */
public final class AddMemberDialog extends FormDialog {
    private final Function<AddMember, AddedMember> add;
    private final EmailField email = new EmailField();
    private final TextField name = new TextField();
    private final RadioButtonGroup<Role> role = new RadioButtonGroup<>();

    /**
     * Prepares the dialog.
     *
     * @param add sends the request to the tenant's list of members
     */
    public AddMemberDialog(Function<AddMember, AddedMember> add) {
        super(
                "add-member-dialog",
                I18NProvider.translate("members.add"),
                I18NProvider.translate("members.add"));
        this.add = add;
        email.setId("member-email");
        email.setLabel(getTranslation("members.email"));
        email.setRequiredIndicatorVisible(true);
        email.setErrorMessage(getTranslation("members.email.required"));
        name.setId("member-name");
        name.setLabel(getTranslation("members.name"));
        name.setRequiredIndicatorVisible(true);
        name.setErrorMessage(getTranslation("members.name.required"));
        role.setId("member-role");
        role.setLabel(getTranslation("members.role"));
        role.addThemeVariants(RadioGroupVariant.LUMO_VERTICAL);
        role.setItems(Role.values());
        role.setItemLabelGenerator(RoleTexts::explained);
        role.setValue(Role.DEVELOPER);
        FormLayout form = new FormLayout(email, name, role);
        form.setResponsiveSteps(new FormLayout.ResponsiveStep("0", 1));
        add(form);
        email.focus();
    }

    @Override
    protected void trySubmit() {
        email.setInvalid(email.isEmpty() || email.isInvalid());
        name.setInvalid(name.isEmpty());
        if (email.isInvalid() || name.isInvalid()) {
            return;
        }
        show(
                add.apply(
                        new AddMember(
                                email.getValue().strip(),
                                name.getValue().strip(),
                                role.getValue(),
                                null)));
    }

    private void show(AddedMember added) {
        becomeResult(getTranslation("members.added", added.member().displayName()));
        removeAll();
        Div note = new Div();
        note.addClassName("secret-note");
        if (added.generatedPassword() == null) {
            note.add(new Paragraph(getTranslation("members.added.known")));
        } else {
            Paragraph once = new Paragraph(getTranslation("members.added.once"));
            once.addClassName("notice-once");
            CodeBlock password = new CodeBlock(added.generatedPassword());
            password.setId("member-password");
            note.add(once, password);
        }
        add(note);
    }
}
