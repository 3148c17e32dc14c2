package dev.atrium.portal.members;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.EmailField;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import org.junit.jupiter.api.Test;

class MembersViewIT extends ViewTest {
    @Test
    void listsMembersAndMarksTheReader() {
        SampleData.fill(state);

        navigate(MembersView.class);

        assertThat(rows("members")).isEqualTo(3);
        assertThat(text()).contains("Grace Hopper", "you");
        assertThat(has("remove-" + state.members.getFirst().userId())).isFalse();
    }

    @Test
    void showsTheFirstPasswordOnce() {
        navigate(MembersView.class);
        click("add-member");
        test($(EmailField.class).withId("member-email").single()).setValue("eva@acme.example");
        test($(TextField.class).withId("member-name").single()).setValue("Eva");

        click("add-member-dialog-submit");

        assertThat($(CodeBlock.class).withId("member-password").single().getText())
                .isEqualTo("Violet-Harbor-42-Lantern");
        click("add-member-dialog-done");
        assertThat(text()).contains("eva@acme.example").doesNotContain("Violet-Harbor");
    }

    @Test
    void asksForAnAddress() {
        navigate(MembersView.class);
        click("add-member");

        click("add-member-dialog-submit");

        assertThat($(EmailField.class).withId("member-email").single().isInvalid()).isTrue();
        assertThat(state.members).isEmpty();
    }

    @Test
    @SuppressWarnings("unchecked")
    void changesARole() {
        SampleData.fill(state);
        Member grace = state.members.get(1);
        navigate(MembersView.class);

        Select<Role> role = $(Select.class).withId("role-" + grace.userId()).single();
        test(role).selectItem("Viewer");

        assertThat(state.members.get(1).role()).isEqualTo(Role.VIEWER);
    }

    @Test
    void removesOnlyAfterConfirmation() {
        SampleData.fill(state);
        navigate(MembersView.class);

        click("remove-" + state.members.get(1).userId());
        assertThat(state.members).hasSize(3);
        test($(ConfirmDialog.class).withId("confirm-remove-member").single()).confirm();

        assertThat(state.members).hasSize(2);
    }

    @Test
    @SignedIn(role = Role.DEVELOPER)
    void isClosedToDevelopers() {
        navigateToFailure("members");

        assertThat(text()).contains("Nothing here");
    }
}
