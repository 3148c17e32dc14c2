package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SamplePlans;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanScope;
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
    void addsABudgetWithItsCurrencyAndRemovesALimit() {
        Plan plan = SamplePlans.fill(state);
        UI.getCurrent().navigate("admin/plans/" + plan.id());
        click("add-plan-limit");
        choose("policy-unit", "Cost");
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
    @SuppressWarnings("unchecked")
    void addsLimitsForEachKeyAndForAModelAndShowsOfHowManyTheyAre() {
        Plan plan = SamplePlans.fill(state);
        UI.getCurrent().navigate("admin/plans/" + plan.id());
        click("add-plan-limit");
        choose("plan-scope", "Each API key");
        type("policy-amount", "100");
        click("plan-limit-dialog-submit");
        click("add-plan-limit");
        choose("plan-scope", "One model");
        type("policy-amount", "7");
        click("plan-limit-dialog-submit");
        ComboBox<ModelName> model = $(ComboBox.class).withId("plan-model").single();
        assertThat(model.isInvalid()).isTrue();
        model.setValue(ModelName.of("acme/fashion"));
        click("plan-limit-dialog-submit");

        assertThat(state.plans.getFirst().limits())
                .extracting(limit -> limit.name() + " | " + limit.scope() + " " + limit.model())
                .contains(
                        "Requests per day, for each API key | EACH_API_KEY null",
                        "Requests per day, for the model acme/fashion | MODEL acme/fashion");
        click("apply-plan");
        chooseTenant();
        assertThat(text()).contains("100 requests per day, for each API key: 4 limits");
        assertThat(text()).contains("8 changes");
    }

    @Test
    @SuppressWarnings("unchecked")
    void offersStoredBytesOnlyForWhatKeepsThem() {
        Plan plan = SamplePlans.fill(state);
        UI.getCurrent().navigate("admin/plans/" + plan.id());
        click("add-plan-limit");
        choose("plan-scope", "Each API key");

        choose("policy-unit", "Stored bytes");

        Select<PlanScope> scope = $(Select.class).withId("plan-scope").single();
        assertThat(scope.getListDataView().getItems())
                .containsExactly(PlanScope.TENANT, PlanScope.EACH_PROJECT);
        assertThat(scope.getValue()).isEqualTo(PlanScope.TENANT);
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

    @SuppressWarnings("unchecked")
    private void choose(String id, String item) {
        test((Select<Object>) $(Select.class).withId(id).single()).selectItem(item);
    }

    private void type(String id, String text) {
        test($(TextField.class).withId(id).single()).setValue(text);
    }
}
