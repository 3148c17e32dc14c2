package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SamplePlans;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.Tenant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SignedIn(platformAdmin = true)
class PlansIT extends ViewTest {
    @Test
    void explainsPlansAndMakesTheFirst() {
        navigate(PlansView.class);
        assertThat(text()).contains("No plans yet");

        click("create-plan");
        click("plan-limit-dialog-submit");
        assertThat(state.plans).isEmpty();
        type("plan-name", "Team");
        type("policy-amount", "5,000");
        click("plan-limit-dialog-submit");

        Plan made = state.plans.getFirst();
        assertThat(made.name()).isEqualTo("Team");
        assertThat(made.limits().getFirst().amount()).isEqualTo(5_000);
        assertThat(made.limits().getFirst().unit()).isEqualTo(Unit.REQUESTS);
        assertThat(made.limits().getFirst().window()).isEqualTo(Window.DAY);
        assertThat(made.limits().getFirst().name()).isNotBlank();
        assertThat(text()).contains("Team", "5,000 requests per day");
    }

    @Test
    @SuppressWarnings("unchecked")
    void addsABudgetWithItsCurrencyAndRemovesALimit() {
        Plan plan = SamplePlans.fill(state);
        UI.getCurrent().navigate("admin/plans/" + plan.id());
        click("add-plan-limit");
        test((Select<Unit>) $(Select.class).withId("policy-unit").single()).selectItem("Cost");
        type("policy-amount", "9");
        type("policy-name", "Day budget");
        click("plan-limit-dialog-submit");
        assertThat($(ComboBox.class).withId("plan-currency").single().isInvalid()).isTrue();

        $(ComboBox.class).withId("plan-currency").single().setValue("EUR");
        click("plan-limit-dialog-submit");
        click("remove-limit-0");

        assertThat(state.plans.getFirst().limits())
                .extracting(limit -> limit.name() + " " + limit.currency())
                .containsExactly("Pace null", "Budget EUR", "Day budget EUR");
    }

    @Test
    void appliesAPlanAfterShowingWhatChanges() {
        Plan plan = SamplePlans.fill(state);
        UI.getCurrent().navigate("admin/plans/" + plan.id());
        click("apply-plan");
        assertThat(text()).contains("Choose a tenant to see what would change.");

        chooseTenant();
        assertThat(text()).contains("New", "5,000,000 tokens per month", "3 changes");
        click("apply-plan-dialog-submit");

        assertThat(state.plans.getFirst().tenants()).isEqualTo(13);
        assertThat(text()).contains("“Team” is applied to Globex Corporation");
    }

    @Test
    void showsThePreviewAnewWhenItIsNotTrueAnyMore() {
        Plan plan = SamplePlans.fill(state);
        UI.getCurrent().navigate("admin/plans/" + plan.id());
        click("apply-plan");
        chooseTenant();
        SamplePlans.changeMeanwhile(state, plan);

        click("apply-plan-dialog-submit");
        assertThat(text()).contains("The plan has changed; look again.");
        assertThat(state.plans.getFirst().tenants()).isEqualTo(12);
        click("apply-plan-dialog-submit");

        assertThat(state.plans.getFirst().tenants()).isEqualTo(13);
    }

    @Test
    void listsPlansAndKnowsNoOther() {
        SamplePlans.fill(state);

        navigate(PlansView.class);

        assertThat(text()).contains("Team", "3 limits", "12");
        navigateToFailure("admin/plans/" + UUID.randomUUID());
        assertThat(text()).contains("Nothing here");
    }

    @Test
    @SignedIn
    void isClosedToOwners() {
        navigateToFailure("admin/plans");

        assertThat(text()).contains("Nothing here");
        assertThat(state.requests).noneMatch(request -> request.contains("/admin/"));
    }

    @SuppressWarnings("unchecked")
    private void chooseTenant() {
        ComboBox<Tenant> tenant = $(ComboBox.class).withId("plan-tenant").single();
        tenant.setValue(state.globex);
    }

    private void type(String id, String text) {
        test($(TextField.class).withId(id).single()).setValue(text);
    }
}
