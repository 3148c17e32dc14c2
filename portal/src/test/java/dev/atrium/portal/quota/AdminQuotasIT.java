package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.portal.fake.SampleQuotas;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SignedIn(platformAdmin = true)
class AdminQuotasIT extends ViewTest {
    @Test
    void leadsFromATenantToItsLimits() {
        fill();
        UI.getCurrent().navigate("admin/tenants");

        click("quotas-globex");

        assertThat(text()).contains("Quotas of Globex Corporation", "Free tier");
        assertThat(text()).doesNotContain("Notebook requests");
    }

    @Test
    void setsALimitForAnyTenant() {
        UI.getCurrent().navigate("admin/tenants/" + state.globex.id() + "/quotas");
        click("create-policy");
        test($(TextField.class).withId("policy-amount").single()).setValue("7");

        click("create-policy-dialog-submit");

        Policy made = state.policies.getFirst().policy();
        assertThat(made.tenantId()).isEqualTo(state.globex.id());
        assertThat(made.origin()).isEqualTo(Origin.PLATFORM);
    }

    @Test
    @SuppressWarnings("unchecked")
    void takesTheNameOfAModelThatIsNotInTheList() {
        SampleData.fill(state);
        UI.getCurrent().navigate("admin/tenants/" + state.globex.id() + "/quotas");
        click("create-policy");
        Select<SubjectChoices.Kind> kind = $(Select.class).withId("policy-subject-kind").single();
        assertThat(kind.getListDataView().getItems()).containsExactly(SubjectChoices.Kind.values());
        test(kind).selectItem("Model");
        test($(TextField.class).withId("policy-amount").single()).setValue("7");
        ComboBox<SubjectChoices.Choice> which = $(ComboBox.class).withId("policy-subject").single();

        type(which, "no name");
        assertThat(which.isInvalid()).isTrue();
        type(which, "globex/secret");

        assertThat($(Paragraph.class).withId("policy-preview").single().getText())
                .contains("for the model globex/secret");
    }

    @Test
    @SuppressWarnings("unchecked")
    void setsALimitForAKeyOfATenant() {
        SampleData.fill(state);
        UI.getCurrent().navigate("admin/tenants/" + state.acme.id() + "/quotas");
        click("create-policy");
        test((Select<SubjectChoices.Kind>) $(Select.class).withId("policy-subject-kind").single())
                .selectItem("API key");
        test($(TextField.class).withId("policy-amount").single()).setValue("7");
        ComboBox<SubjectChoices.Choice> which = $(ComboBox.class).withId("policy-subject").single();
        SubjectChoices.Choice key = which.getListDataView().getItem(0);
        which.setValue(key);

        click("create-policy-dialog-submit");

        Policy made = state.policies.getFirst().policy();
        assertThat(made.origin()).isEqualTo(Origin.PLATFORM);
        assertThat(made.subject()).isEqualTo(key.subject());
        assertThat(text()).contains("for the key " + state.apiKeys.getFirst().name());
    }

    @Test
    void changesAndRemovesWhatATenantSet() {
        PolicyStatus tokens = SampleQuotas.tokensPerDay(state, "Tokens", 1_000, 0);
        state.policies.add(tokens);
        UI.getCurrent().navigate("admin/tenants/" + state.acme.id() + "/quotas");
        click("edit-" + tokens.policy().id());
        test($(TextField.class).withId("policy-amount").single()).setValue("10");

        click("edit-policy-dialog-submit");

        assertThat(state.policies.getFirst().policy().amount()).isEqualTo(10);
        assertThat(has("remove-" + tokens.policy().id())).isTrue();
    }

    @Test
    void knowsNoTenantThatDoesNotExist() {
        navigateToFailure("admin/tenants/" + UUID.randomUUID() + "/quotas");

        assertThat(text()).contains("Nothing here");
    }

    @Test
    void showsOverAllTenantsWhoIsClose() {
        fill();

        navigate(ClosestView.class);

        assertThat($(PolicyCard.class).all()).hasSize(3);
        assertThat(text())
                .contains("globex", "Free tier", "Used up")
                .doesNotContain("Chat compute");
        assertThat(state.requests)
                .contains("GET /api/v1/admin/quota-policies/status?minPercent=80");
    }

    @Test
    @SuppressWarnings("unchecked")
    void showsMoreOfThemFromALowerPercentageOn() {
        fill();
        navigate(ClosestView.class);

        test((Select<Integer>) $(Select.class).withId("closest-least").single())
                .selectItem("All limits");

        assertThat($(PolicyCard.class).all()).hasSize(7);
    }

    @Test
    void saysWhenNobodyIsClose() {
        navigate(ClosestView.class);

        assertThat(text()).contains("Nobody is that close");
    }

    @Test
    @SignedIn
    void isClosedToOwners() {
        navigateToFailure("admin/tenants/" + state.acme.id() + "/quotas");
        assertThat(text()).contains("Nothing here");
        navigateToFailure("admin/quotas");
        assertThat(text()).contains("Nothing here");

        assertThat(state.requests).noneMatch(request -> request.contains("/admin/"));
    }

    private void fill() {
        SampleData.fill(state);
        SampleQuotas.fill(state);
    }

    private static void type(ComboBox<SubjectChoices.Choice> box, String text) {
        com.vaadin.flow.component.ComponentUtil.fireEvent(
                box,
                new com.vaadin.flow.component.combobox.ComboBoxBase.CustomValueSetEvent<>(
                        box, true, text));
    }
}
