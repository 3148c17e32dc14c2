package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.portal.fake.SampleQuotas;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotasViewIT extends ViewTest {
    @Test
    void explainsLimitsAndOffersTheFirst() {
        navigate(QuotasView.class);

        assertThat(text()).contains("No limits yet", "so many tokens a day");
        assertThat(has("create-first-policy")).isTrue();
    }

    @Test
    void showsTheClosestFirstWithWhatIsUsedReservedAndLeft() {
        fill();

        navigate(QuotasView.class);

        assertThat(names()).startsWith("Notebook requests", "Tokens a day").hasSize(6);
        assertThat(text())
                .contains("1,000,000 tokens per day, UTC · for the whole tenant")
                .contains("1,000 requests per hour, UTC · for the key notebook of Grace")
                .contains("for the project Default", "for the model atrium/tinychat")
                .contains("Used 862,140", "Unreconciled 12,500", "Reserved 41,000", "Left 84,360")
                .contains("37 calls refused", "3 calls would have been refused")
                .contains("New window in 5 hours", "Used up", "Soft limit", "Dry run")
                .contains("A rate holds for every moment", "Held by gateways 9");
    }

    @Test
    void saysTheBarToThoseWhoDoNotSeeIt() {
        fill();
        Policy tokens = policy("Tokens a day");

        navigate(QuotasView.class);

        var meter =
                $(com.vaadin.flow.component.html.Div.class, card(tokens)).all().stream()
                        .map(div -> div.getElement())
                        .filter(element -> "meter".equals(element.getAttribute("role")))
                        .findFirst()
                        .orElseThrow();
        assertThat(meter.getAttribute("aria-valuenow")).isEqualTo("87");
        assertThat(meter.getAttribute("aria-valuetext"))
                .isEqualTo("87 % used of 1,000,000, 84,360 left");
        assertThat(meter.getAttribute("aria-label")).contains("Tokens a day");
    }

    @Test
    void showsMoreOnRequestAndKeepsThemWhenItLooksAgain() {
        for (int i = 0; i < 60; i++) {
            state.policies.add(SampleQuotas.tokensPerDay(state, "Limit " + i, 1_000, i));
        }
        navigate(QuotasView.class);
        assertThat(names()).hasSize(50);

        click("quota-policies-more");
        assertThat(names()).hasSize(60);

        board().reload();
        assertThat(names()).hasSize(60);
    }

    @Test
    void filtersOverAllPages() {
        for (int i = 0; i < 60; i++) {
            state.policies.add(SampleQuotas.tokensPerDay(state, "Limit " + i, 1_000, 60 - i));
        }
        navigate(QuotasView.class);

        test($(TextField.class).withId("quota-filter").single()).setValue("limit 59");
        assertThat(names()).containsExactly("Limit 59");

        test($(TextField.class).withId("quota-filter").single()).setValue("nothing like it");
        assertThat(text()).contains("No limit matches");
    }

    @Test
    void showsNewFiguresInTheSameCards() {
        PolicyStatus before = SampleQuotas.tokensPerDay(state, "Tokens", 1_000, 100);
        state.policies.add(before);
        navigate(QuotasView.class);
        PolicyCard card = card(before.policy());

        state.policies.set(
                0,
                new PolicyStatus(
                        before.policy(),
                        "acme",
                        before.windowStart(),
                        before.windowEnd(),
                        950,
                        0,
                        0,
                        50,
                        0,
                        95));
        board().reload();

        assertThat(card(before.policy())).isSameAs(card);
        assertThat(text()).contains("Used 950", "95%").doesNotContain("Used 100");
    }

    @Test
    void listsWhatPeopleWereTold() {
        fill();

        navigate(QuotasView.class);

        assertThat(rows("quota-events")).isEqualTo(3);
        assertThat(text()).contains("Warnings", "800,212 of 1,000,000", "11 minutes ago");
    }

    @Test
    @SuppressWarnings("unchecked")
    void setsALimitForAKeyAndSaysBeforeWhatItMeans() {
        SampleData.fill(state);
        navigate(QuotasView.class);
        click("create-policy");
        test((Select<SubjectChoices.Kind>) field(Select.class, "policy-subject-kind"))
                .selectItem("API key");
        ComboBox<SubjectChoices.Choice> which = field(ComboBox.class, "policy-subject");
        which.setValue(which.getListDataView().getItem(0));
        test((Select<Window>) field(Select.class, "policy-window")).selectItem("Hour");
        test(field(TextField.class, "policy-amount")).setValue("1,000");

        assertThat(field(Paragraph.class, "policy-preview").getText())
                .isEqualTo(
                        "At most 1,000 requests per hour for the key billing service; calls beyond it are refused.");
        click("create-policy-dialog-submit");

        Policy made = state.policies.getFirst().policy();
        assertThat(made.subject().apiKeyId()).isEqualTo(state.apiKeys.getFirst().id());
        assertThat(made.amount()).isEqualTo(1_000);
        assertThat(made.unit()).isEqualTo(Unit.REQUESTS);
        assertThat(made.window()).isEqualTo(Window.HOUR);
        assertThat(made.mode()).isEqualTo(Mode.HARD);
        assertThat(made.warnPercent()).isEqualTo(80);
        assertThat(made.name()).isEqualTo("1,000 requests per hour, for the key billing service");
        assertThat($(Dialog.class).all()).isEmpty();
        assertThat(names()).hasSize(1);
    }

    @Test
    @SuppressWarnings("unchecked")
    void asksForABurstOfRatesOnly() {
        navigate(QuotasView.class);
        click("create-policy");
        assertThat(has("policy-burst")).isFalse();
        assertThat(has("policy-warn")).isTrue();

        test((Select<Window>) field(Select.class, "policy-window")).selectItem("Minute");
        assertThat(has("policy-burst")).isTrue();
        assertThat(has("policy-warn")).isFalse();
        assertThat(
                        ((RadioButtonGroup<Mode>) field(RadioButtonGroup.class, "policy-mode"))
                                .getListDataView()
                                .getItems())
                .containsExactly(Mode.HARD, Mode.DRY_RUN);
        test(field(TextField.class, "policy-amount")).setValue("600");
        test(field(TextField.class, "policy-burst")).setValue("0");
        click("create-policy-dialog-submit");
        assertThat(field(TextField.class, "policy-burst").isInvalid()).isTrue();

        test(field(TextField.class, "policy-burst")).setValue("20");
        click("create-policy-dialog-submit");

        assertThat(state.policies.getFirst().policy().burst()).isEqualTo(20);
    }

    @Test
    @SuppressWarnings("unchecked")
    void asksForNoWindowOfCallsAtTheSameTime() {
        navigate(QuotasView.class);
        click("create-first-policy");

        test((Select<Unit>) field(Select.class, "policy-unit"))
                .selectItem("Calls at the same time");
        assertThat(has("policy-window")).isFalse();
        test(field(TextField.class, "policy-amount")).setValue("5");
        test(field(TextField.class, "policy-name")).setValue(" At once ");
        click("create-policy-dialog-submit");

        Policy made = state.policies.getFirst().policy();
        assertThat(made.window()).isEqualTo(Window.NONE);
        assertThat(made.burst()).isNull();
        assertThat(made.name()).isEqualTo("At once");
    }

    @Test
    @SuppressWarnings("unchecked")
    void sendsNothingThatIsIncompleteOrWrong() {
        navigate(QuotasView.class);
        click("create-policy");
        test((Select<SubjectChoices.Kind>) field(Select.class, "policy-subject-kind"))
                .selectItem("Project");
        for (String wrong : List.of("", "-5", "1.5", "10000000000000000")) {
            field(TextField.class, "policy-amount").setValue(wrong);

            click("create-policy-dialog-submit");

            assertThat(field(TextField.class, "policy-amount").isInvalid()).as(wrong).isTrue();
        }
        ComboBox<SubjectChoices.Choice> which = field(ComboBox.class, "policy-subject");
        assertThat(which.isInvalid()).isTrue();
        which.setValue(which.getListDataView().getItem(0));
        field(TextField.class, "policy-amount").setValue("5");
        field(IntegerField.class, "policy-warn").setValue(120);
        click("create-policy-dialog-submit");

        assertThat(state.requests).noneMatch(request -> request.startsWith("POST"));
    }

    @Test
    void saysInTheRegistrysWordsWhatItRefused() {
        navigate(QuotasView.class);
        click("create-policy");
        test(field(TextField.class, "policy-amount")).setValue("5");
        REGISTRY.fail("/quota-policies", 409, ErrorCode.CONFLICT, "The tenant has 200 policies.");

        clickAndFail("create-policy-dialog-submit");

        assertThat(notices()).contains("The tenant has 200 policies.", "req-4711");
        assertThat($(Dialog.class).all()).hasSize(1);
    }

    @Test
    void changesALimitAndWarnsWhenItIsLowerThanWhatIsUsed() {
        PolicyStatus tokens = SampleQuotas.tokensPerDay(state, "Tokens", 1_000_000, 600_000);
        state.policies.add(tokens);
        navigate(QuotasView.class);
        click("edit-" + tokens.policy().id());
        assertThat(field(TextField.class, "policy-amount").getValue()).isEqualTo("1,000,000");

        test(field(TextField.class, "policy-amount")).setValue("500,000");
        assertThat(field(Paragraph.class, "policy-preview").getText())
                .contains("At most 500,000 tokens per day", "Already used: 600,000");
        click("edit-policy-dialog-submit");

        assertThat(state.policies.getFirst().policy().amount()).isEqualTo(500_000);
        assertThat(text()).contains("500,000 tokens per day");
    }

    @Test
    void showsWhatSomebodyElseChangedMeanwhileInsteadOfOverwritingIt() {
        PolicyStatus tokens = SampleQuotas.tokensPerDay(state, "Tokens", 1_000, 0);
        state.policies.add(tokens);
        navigate(QuotasView.class);
        click("edit-" + tokens.policy().id());
        test(field(TextField.class, "policy-amount")).setValue("5,000");
        SampleQuotas.changeMeanwhile(state, tokens, 2_000);

        click("edit-policy-dialog-submit");

        assertThat(text()).contains("changed this limit meanwhile", "2,000 tokens per day");
        assertThat(field(TextField.class, "policy-amount").getValue()).isEqualTo("2,000");
        assertThat(state.policies.getFirst().policy().amount()).isEqualTo(2_000);

        test(field(TextField.class, "policy-amount")).setValue("5,000");
        click("edit-policy-dialog-submit");
        assertThat(state.policies.getFirst().policy().amount()).isEqualTo(5_000);
    }

    @Test
    void givesARateWhoseBurstIsEmptiedTheUsualOne() {
        fill();
        Policy pace = policy("Billing pace");
        navigate(QuotasView.class);
        click("edit-" + pace.id());
        assertThat(field(TextField.class, "policy-burst").getValue()).isEqualTo("50");

        test(field(TextField.class, "policy-burst")).setValue("");
        click("edit-policy-dialog-submit");

        assertThat(policy("Billing pace").burst()).isEqualTo(600);
    }

    @Test
    void removesOnlyAfterConfirmation() {
        PolicyStatus tokens = SampleQuotas.tokensPerDay(state, "Tokens", 1_000, 0);
        state.policies.add(tokens);
        navigate(QuotasView.class);

        click("remove-" + tokens.policy().id());
        assertThat(state.policies).hasSize(1);
        test($(ConfirmDialog.class).withId("confirm-remove-policy").single()).confirm();

        assertThat(state.policies).isEmpty();
        assertThat(text()).contains("No limits yet");
    }

    @Test
    void letsOwnersOnlyReadWhatThePlatformSet() {
        fill();
        Policy platform = policy("Tokens a day");
        assertThat(platform.origin()).isEqualTo(Origin.PLATFORM);

        navigate(QuotasView.class);

        assertThat(has("edit-" + platform.id())).isFalse();
        assertThat(has("remove-" + platform.id())).isFalse();
        assertThat(has("edit-" + policy("Chat compute").id())).isTrue();
        assertThat(text()).contains("Set by the platform; only its admins can change it.");
    }

    @Test
    @SignedIn(role = Role.DEVELOPER)
    void letsDevelopersReadWithoutButtons() {
        fill();

        navigate(QuotasView.class);

        assertThat(names()).hasSize(6);
        assertThat(text()).contains("for the key billing service");
        assertThat(has("create-policy")).isFalse();
        assertThat(has("edit-" + policy("Chat compute").id())).isFalse();
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void showsViewersWhatTheyMaySee() {
        fill();
        String key = state.apiKeys.getFirst().id();

        navigate(QuotasView.class);

        assertThat(text()).contains("for the key " + key).doesNotContain("billing service");
        assertThat(state.requests).noneMatch(request -> request.contains("/api-keys"));
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void tellsReadersThatNothingIsLimited() {
        navigate(QuotasView.class);

        assertThat(text()).contains("Nothing is limited.");
        assertThat(has("create-first-policy")).isFalse();
    }

    private void fill() {
        SampleData.fill(state);
        SampleQuotas.fill(state);
    }

    private Policy policy(String name) {
        return state.policies.stream()
                .map(PolicyStatus::policy)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> names() {
        return $(PolicyCard.class).all().stream()
                .map(card -> $(com.vaadin.flow.component.html.H2.class, card).single().getText())
                .toList();
    }

    private PolicyCard card(Policy policy) {
        return $(PolicyCard.class).withId("policy-" + policy.id()).single();
    }

    private QuotaBoard board() {
        return $(QuotaBoard.class).single();
    }

    private <T extends com.vaadin.flow.component.Component> T field(Class<T> type, String id) {
        return $(type).withId(id).single();
    }
}
