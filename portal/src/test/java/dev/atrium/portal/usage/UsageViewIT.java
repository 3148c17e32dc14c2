package dev.atrium.portal.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.router.QueryParameters;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.UsageRecord;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class UsageViewIT extends ViewTest {
    @Test
    void saysWhatWillBeHereBeforeTheFirstCall() {
        navigate(UsageView.class);

        assertThat(text()).contains("No calls in this period");
        assertThat(has("usage-chart")).isFalse();
    }

    @Test
    void showsChartTotalsAndTheLatestCalls() {
        SampleData.fill(state);

        navigate(UsageView.class);

        assertThat(has("usage-chart")).isTrue();
        assertThat(rows("usage-totals")).isEqualTo(3);
        assertThat(rows("calls")).isEqualTo(25);
        assertThat(text()).contains("Invalid input", "version 1");
        assertThat(text()).contains("€0.001234");
        assertThat(has("tile-cost")).isTrue();
    }

    @Test
    void loadsFurtherCallsWhenAsked() {
        SampleData.fill(state);
        navigate(UsageView.class);

        test($(Button.class).withId("calls-more").single()).click();

        assertThat(rows("calls")).isEqualTo(50);
    }

    @Test
    void namesTheKeysBehindTheCalls() {
        SampleData.fill(state);

        open("period=7d&by=principal");

        assertThat(rows("usage-totals")).isEqualTo(2);
        assertThat(text()).contains("billing service", "notebook of Grace", "Calls per day");
    }

    @Test
    void splitsUsageByCostCentre() {
        SampleData.fill(state);
        UsageRecord call = state.usage.removeFirst();
        state.usage.add(SampleData.labelled(call, "marketing/eu"));

        open("period=7d&by=label");

        assertThat(rows("usage-totals")).isEqualTo(2);
        assertThat(text()).contains("marketing/eu", "Without a label");
    }

    @Test
    void showsPicturesAndSoundOnlyWhereThereAreSome() {
        SampleData.fill(state);
        navigate(UsageView.class);
        assertThat(has("tile-images") || has("tile-audio")).isFalse();
        assertThat(text()).doesNotContain("Images", "Audio");
        state.usage.add(SampleData.with(state.usage.removeFirst(), new Media(12, 0)));
        state.usage.add(SampleData.with(state.usage.removeFirst(), new Media(0, 3_661_500)));

        open("period=7d&by=model");

        assertThat(has("tile-images") && has("tile-audio")).isTrue();
        assertThat(text()).contains("Images", "12", "Audio", "3,661.5 s");
    }

    @Test
    void showsEnergyOnlyWhereSomethingIsKnownOfItAndOfHowManyCalls() {
        SampleData.fill(state);
        navigate(UsageView.class);
        assertThat(has("tile-energy") || has("tile-carbon")).isFalse();
        assertThat(text()).doesNotContain("CO₂e");
        take(new Energy(1_500_000, 42_000L, EnergyMethod.MODELLED));
        take(new Energy(500_000, null, EnergyMethod.MEASURED));

        open("period=7d&by=model");

        String calls = Amounts.compact(state.usage.size(), Locale.ENGLISH);
        assertThat(text())
                .contains("2 J", "42 µg", "1.5 J · 42 µg CO₂e")
                .contains("modelled, 2 of " + calls + " calls")
                .contains("modelled, 1 of " + calls + " calls");
    }

    private void take(Energy energy) {
        state.usage.add(SampleData.taking(state.usage.removeFirst(), energy));
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void showsIdsToThoseWhoMayNotSeeKeys() {
        SampleData.fill(state);

        open("by=principal");

        assertThat(text()).doesNotContain("billing service");
        assertThat(rows("usage-totals")).isEqualTo(2);
    }

    private static void open(String query) {
        UI.getCurrent().navigate(UsageView.class, QueryParameters.fromString(query));
    }
}
