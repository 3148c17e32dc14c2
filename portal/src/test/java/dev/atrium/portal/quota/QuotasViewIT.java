package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.portal.fake.SampleQuotas;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
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
}
