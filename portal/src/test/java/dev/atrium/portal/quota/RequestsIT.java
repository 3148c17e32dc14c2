package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.portal.fake.SampleQuotas;
import dev.atrium.portal.fake.SampleRequests;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.RequestDecision;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.tenancy.Role;
import org.junit.jupiter.api.Test;

class RequestsIT extends ViewTest {
    @Test
    @SignedIn(role = Role.DEVELOPER)
    void aDeveloperAsksForMoreAndCanTakeItBack() {
        fill();
        Policy policy = policy("Chat compute");
        navigate(QuotasView.class);

        click("ask-" + policy.id());
        type("ask-amount", "72,000");
        write("ask-reason", "Load test");
        assertThat(text()).contains("From 10 h to 20 hours of compute time per month");
        click("ask-dialog-submit");

        QuotaRequest asked = state.quotaRequests.getFirst();
        assertThat(asked.amount()).isEqualTo(72_000_000);
        assertThat(asked.reason()).isEqualTo("Load test");
        assertThat(has("ask-" + policy.id())).isFalse();
        assertThat(text()).contains("You have asked for 20 h", "Your requests", "Load test");
        click("withdraw-" + asked.id());
        assertThat(state.quotaRequests.getFirst().state()).isEqualTo(RequestState.WITHDRAWN);
        assertThat(has("ask-" + policy.id())).isTrue();
    }

    @Test
    @SignedIn(role = Role.DEVELOPER)
    void askingNeedsMoreThanThereIsAndAReason() {
        fill();
        navigate(QuotasView.class);
        click("ask-" + policy("Tokens a day").id());
        type("ask-amount", "1,000,000");

        click("ask-dialog-submit");
        assertThat($(TextField.class).withId("ask-amount").single().isInvalid()).isTrue();
        type("ask-amount", "1,000,001");
        click("ask-dialog-submit");

        assertThat($(TextArea.class).withId("ask-reason").single().isInvalid()).isTrue();
        assertThat(state.quotaRequests).isEmpty();
    }

    @Test
    @SignedIn(role = Role.DEVELOPER)
    void whoAskedIsToldAndTakesNote() {
        fill();
        SampleRequests.fill(state);
        UI.getCurrent().navigate("");
        assertThat(text())
                .contains("Your request for more of “Chat compute” is approved in part.")
                .doesNotContain("wait for your decision");

        navigate(QuotasView.class);
        assertThat(text()).contains("Half of it, for the week of the test.", "Until ");
        click("noted-" + request("Chat compute").id());
        UI.getCurrent().navigate("");

        assertThat(text()).doesNotContain("Your request for more");
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void viewersDoNotAsk() {
        fill();

        navigate(QuotasView.class);

        assertThat(has("ask-" + policy("Tokens a day").id())).isFalse();
    }

    @Test
    void ownersAskForMoreOfWhatThePlatformSetOnly() {
        fill();

        navigate(QuotasView.class);

        assertThat(has("ask-" + policy("Tokens a day").id())).isTrue();
        assertThat(has("ask-" + policy("Chat compute").id())).isFalse();
    }

    @Test
    void anOwnerApprovesAsAsked() {
        fill();
        SampleRequests.fill(state);
        UI.getCurrent().navigate("");
        assertThat(text()).contains("1 request for more waits for your decision.");
        navigate(RequestsView.class);
        assertThat(text())
                .contains("Notebook requests", "Asked by grace@acme.example", "course begins")
                .contains("Decided by the platform’s admins")
                .doesNotContain("Calls at once", "Free tier");

        click("decide-" + request("Notebook requests").id());
        assertThat(text()).contains("From 1,000 to 5,000 requests per hour");
        click("decide-dialog-submit");

        assertThat(policy("Notebook requests").amount()).isEqualTo(5_000);
        assertThat(text()).doesNotContain("course begins");
    }

    @Test
    void anOwnerApprovesLessWithANote() {
        fill();
        SampleRequests.fill(state);
        navigate(RequestsView.class);
        click("decide-" + request("Notebook requests").id());
        choose(RequestDecision.TRIM);

        type("decide-amount", "5,000");
        click("decide-dialog-submit");
        assertThat($(TextField.class).withId("decide-amount").single().isInvalid()).isTrue();
        type("decide-amount", "2,000");
        click("decide-dialog-submit");
        assertThat($(TextArea.class).withId("decide-note").single().isInvalid()).isTrue();
        write("decide-note", "for the first week");
        click("decide-dialog-submit");

        assertThat(policy("Notebook requests").amount()).isEqualTo(2_000);
        assertThat(request("Notebook requests").state()).isEqualTo(RequestState.TRIMMED);
    }

    @Test
    void anOwnerDeniesWithANote() {
        fill();
        SampleRequests.fill(state);
        navigate(RequestsView.class);
        click("decide-" + request("Notebook requests").id());
        choose(RequestDecision.DENY);

        write("decide-note", "no");
        click("decide-dialog-submit");

        assertThat(policy("Notebook requests").amount()).isEqualTo(1_000);
        assertThat(request("Notebook requests").outcome().note()).isEqualTo("no");
    }

    @Test
    void showsALimitThatWasChangedMeanwhile() {
        fill();
        SampleRequests.fill(state);
        navigate(RequestsView.class);
        click("decide-" + request("Notebook requests").id());
        SampleQuotas.changeMeanwhile(state, status("Notebook requests"), 4_000);

        click("decide-dialog-submit");
        assertThat(text())
                .contains("This limit was changed meanwhile")
                .contains("From 4,000 to 5,000 requests per hour");
        click("decide-dialog-submit");

        assertThat(policy("Notebook requests").amount()).isEqualTo(5_000);
    }

    @Test
    void saysWhenSomebodyElseWasFirst() {
        fill();
        SampleRequests.fill(state);
        navigate(RequestsView.class);
        QuotaRequest request = request("Notebook requests");
        click("decide-" + request.id());
        SampleRequests.denyMeanwhile(state, request);

        click("decide-dialog-submit");

        assertThat(notices()).contains("Somebody else was first");
        assertThat(policy("Notebook requests").amount()).isEqualTo(1_000);
        assertThat(has("decide-dialog-submit")).isFalse();
    }

    @Test
    void aRemovedLimitCanOnlyBeDenied() {
        fill();
        SampleRequests.fill(state);
        state.policies.removeIf(each -> each.policy().name().equals("Notebook requests"));
        navigate(RequestsView.class);

        click("decide-" + request("Notebook requests").id());

        assertThat(text()).contains("Limit removed", "can only be denied");
        assertThat(decision().getListDataView().getItems()).containsExactly(RequestDecision.DENY);
    }

    @Test
    @SuppressWarnings("unchecked")
    void showsDecidedOnesOnRequest() {
        fill();
        SampleRequests.fill(state);
        navigate(RequestsView.class);

        test((Select<String>) $(Select.class).withId("request-state").single()).selectItem("All");

        assertThat(text())
                .contains("Denied by root@atrium.example", "Please use the batch queue.")
                .contains("Approved in part");
    }

    @Test
    void saysWhenThereIsNothingToDecide() {
        navigate(RequestsView.class);

        assertThat(text()).contains("Nothing to decide");
    }

    @Test
    @SignedIn(platformAdmin = true)
    void aPlatformAdminDecidesForAnyTenant() {
        fill();
        SampleRequests.fill(state);
        UI.getCurrent().navigate("");
        assertThat(text()).contains("2 requests of tenants wait for the platform’s decision.");
        navigate(AllRequestsView.class);
        assertThat(text()).contains("globex", "Free tier", "Two weeks will do.");

        click("decide-" + request("Free tier").id());
        click("decide-dialog-submit");

        assertThat(policy("Free tier").amount()).isEqualTo(1_000_000);
    }

    @Test
    @SignedIn(role = Role.DEVELOPER)
    void pagesOfDecisionsAreClosedToDevelopers() {
        navigateToFailure("requests");
        assertThat(text()).contains("Nothing here");
        navigateToFailure("admin/requests");
        assertThat(text()).contains("Nothing here");
    }

    private void fill() {
        SampleData.fill(state);
        SampleQuotas.fill(state);
    }

    private PolicyStatus status(String name) {
        return state.policies.stream()
                .filter(each -> each.policy().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Policy policy(String name) {
        return status(name).policy();
    }

    private QuotaRequest request(String policy) {
        return state.quotaRequests.stream()
                .filter(each -> each.policy().name().equals(policy))
                .findFirst()
                .orElseThrow();
    }

    private void type(String id, String text) {
        test($(TextField.class).withId(id).single()).setValue(text);
    }

    private void write(String id, String text) {
        test($(TextArea.class).withId(id).single()).setValue(text);
    }

    private void choose(RequestDecision decision) {
        decision().setValue(decision);
    }

    @SuppressWarnings("unchecked")
    private RadioButtonGroup<RequestDecision> decision() {
        return $(RadioButtonGroup.class).withId("decision").single();
    }
}
