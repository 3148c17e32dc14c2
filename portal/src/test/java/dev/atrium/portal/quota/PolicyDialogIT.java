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
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.portal.fake.SampleQuotas;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Setting, changing and removing limits. */
class PolicyDialogIT extends ViewTest {
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
        assertThat(made.name()).isEqualTo("Requests per hour, for the key billing service");
        assertThat($(Dialog.class).all()).isEmpty();
        assertThat(names()).hasSize(1);
    }

    @Test
    @SuppressWarnings("unchecked")
    void setsABudgetInMoneyAndOffersNoRatesForIt() {
        navigate(QuotasView.class);
        click("create-policy");
        test((Select<Window>) field(Select.class, "policy-window")).selectItem("Minute");

        test((Select<Unit>) field(Select.class, "policy-unit")).selectItem("Cost");
        test(field(TextField.class, "policy-amount")).setValue("12.5");
        assertThat(
                        ((Select<Window>) field(Select.class, "policy-window"))
                                .getListDataView()
                                .getItems())
                .containsExactly(Window.HOUR, Window.DAY, Window.MONTH, Window.LIFETIME);
        click("create-policy-dialog-submit");

        Policy made = state.policies.getFirst().policy();
        assertThat(made.amount()).isEqualTo(12_500_000);
        assertThat(made.unit()).isEqualTo(Unit.COST_MICROS);
        assertThat(made.window()).isEqualTo(Window.MONTH);
    }

    @Test
    @SuppressWarnings("unchecked")
    void limitsWhatIsStoredInMegabytesAndShowsItInHumanUnits() {
        navigate(QuotasView.class);
        click("create-policy");

        test((Select<Unit>) field(Select.class, "policy-unit")).selectItem("Stored bytes");
        assertThat(has("policy-window")).isFalse();
        test(field(TextField.class, "policy-amount")).setValue("2,500.5");
        click("create-policy-dialog-submit");

        Policy made = state.policies.getFirst().policy();
        assertThat(made.amount()).isEqualTo(2_500_500_000L);
        assertThat(made.unit()).isEqualTo(Unit.STORED_BYTES);
        assertThat(made.window()).isEqualTo(Window.LIFETIME);
        assertThat(
                        PolicyWords.ofPage(Locale.ENGLISH, SubjectNames.UNKNOWN)
                                .figure(made.unit(), made.amount()))
                .isEqualTo("2.5 GB");
    }

    @Test
    @SuppressWarnings("unchecked")
    void limitsSoundInSecondsAndKeepsItInMilliseconds() {
        navigate(QuotasView.class);
        click("create-policy");

        test((Select<Unit>) field(Select.class, "policy-unit")).selectItem("Audio");
        test((Select<Window>) field(Select.class, "policy-window")).selectItem("Month");
        test(field(TextField.class, "policy-amount")).setValue("3,600");
        assertThat(text()).contains("1 hour of audio per month");
        click("create-policy-dialog-submit");

        Policy made = state.policies.getFirst().policy();
        assertThat(made.amount()).isEqualTo(3_600_000);
        assertThat(made.unit()).isEqualTo(Unit.AUDIO_MILLIS);
        assertThat(made.window()).isEqualTo(Window.MONTH);
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

    private <T extends com.vaadin.flow.component.Component> T field(Class<T> type, String id) {
        return $(type).withId(id).single();
    }
}
