package dev.atrium.portal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.textfield.EmailField;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.tenancy.TenantStatus;
import org.junit.jupiter.api.Test;

@SignedIn(platformAdmin = true)
class AdminViewsIT extends ViewTest {
    @Test
    void listsTenants() {
        navigate(TenantsView.class);

        assertThat(rows("tenants")).isEqualTo(2);
        assertThat(text()).contains("Acme Inc.", "globex");
    }

    @Test
    void createsATenantAndSuggestsItsShortName() {
        navigate(TenantsView.class);
        click("create-tenant");
        test($(TextField.class).withId("tenant-name-field").single()).setValue("Initech & Sons");
        assertThat($(TextField.class).withId("tenant-slug").single().getValue())
                .isEqualTo("initech-sons");

        click("create-tenant-dialog-submit");

        assertThat(state.tenants.getFirst().slug()).isEqualTo("initech-sons");
        assertThat(rows("tenants")).isEqualTo(3);
    }

    @Test
    void refusesAShortNameThatNoModelCouldHave() {
        navigate(TenantsView.class);
        click("create-tenant");
        test($(TextField.class).withId("tenant-name-field").single()).setValue("X");
        test($(TextField.class).withId("tenant-slug").single()).setValue("Not Valid");

        click("create-tenant-dialog-submit");

        assertThat($(TextField.class).withId("tenant-slug").single().isInvalid()).isTrue();
        assertThat(state.tenants).hasSize(2);
    }

    @Test
    void suspendsAfterConfirmationAndResumes() {
        navigate(TenantsView.class);

        click("suspend-globex");
        test($(ConfirmDialog.class).withId("confirm-suspend").single()).confirm();
        assertThat(state.tenants.get(1).status()).isEqualTo(TenantStatus.SUSPENDED);

        click("resume-globex");
        assertThat(state.tenants.get(1).status()).isEqualTo(TenantStatus.ACTIVE);
    }

    @Test
    void addsAMemberToAnotherTenant() {
        navigate(TenantsView.class);
        click("add-member-globex");
        test($(EmailField.class).withId("member-email").single()).setValue("homer@globex.example");
        test($(TextField.class).withId("member-name").single()).setValue("Homer");

        click("add-member-dialog-submit");

        assertThat($(CodeBlock.class).withId("member-password").all()).hasSize(1);
        assertThat(state.requests)
                .contains("POST /api/v1/admin/tenants/" + state.globex.id() + "/members");
    }

    @Test
    void showsMachinesAndTheirMemory() {
        SampleData.fill(state);

        navigate(NodesView.class);

        assertThat(rows("nodes")).isEqualTo(3);
        assertThat(text()).contains("3.1 GB of 8 GB", "Silent", "1 failed");
        assertThat(text()).contains("Namespaces", "own namespaces, no network");
        assertThat(text()).contains("TorchScript and GGUF models of tenants do not run here");

        navigate(GatewaysView.class);

        assertThat(rows("gateways")).isEqualTo(2);
    }

    @Test
    void saysHowTheFirstMachineJoins() {
        navigate(NodesView.class);
        assertThat(text()).contains("No nodes yet");

        click("join-first-node");
        click("join-token-dialog-submit");

        assertThat($(CodeBlock.class).withId("join-token").single().getText())
                .isEqualTo("export ATRIUM_NODE_JOIN_TOKEN=atj_2vxk7mq9wcd4h8zr");
    }

    @Test
    @SignedIn
    void isClosedToOwners() {
        navigateToFailure("admin/tenants");

        assertThat(text()).contains("Nothing here");
        assertThat(state.requests).noneMatch(request -> request.contains("/admin/"));
    }
}
