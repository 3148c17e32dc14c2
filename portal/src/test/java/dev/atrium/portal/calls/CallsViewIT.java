package dev.atrium.portal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.QueryParameters;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.Waiver;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class CallsViewIT extends ViewTest {
    @Test
    void saysWhatWillBeHereBeforeTheFirstCall() {
        navigate(CallsView.class);

        assertThat(text()).contains("No calls in this period", "kept for a week");
        assertThat(has("clear-filter")).isFalse();
    }

    @Test
    void listsCallsThatWereMadeAndThatWereRefused() {
        SampleData.fill(state);

        navigate(CallsView.class);

        assertThat(rows("calls")).isEqualTo(25);
        assertThat(text())
                .contains("Refused", "insufficient_quota", "And 12,345 more", "marketing/eu");
        click("calls-more");
        assertThat(rows("calls")).isEqualTo(50);
    }

    @Test
    void findsByOutcomeCodeAndLabelAndSaysSoInItsAddress() {
        SampleData.fill(state);
        navigate(CallsView.class);

        choose("call-outcome", "refused");
        assertThat(rows("calls")).isEqualTo(1);
        choose("call-code", "model_not_found");
        assertThat(text()).contains("No call matches");
        click("clear-filter");
        assertThat(rows("calls")).isEqualTo(25);
        TextField label = $(TextField.class).withId("call-label").single();
        test(label).setValue("marketing/eu");

        assertThat(rows("calls")).isEqualTo(1);
        assertThat($(TextField.class).withId("call-label").single())
                .as("who types goes on typing")
                .isSameAs(label);
        assertThat(address()).contains("label=marketing").doesNotContain("outcome");
        assertThat(text()).as("counts know no labels").doesNotContain("12,345");
    }

    @Test
    void openedByAnAddressShowsWhatThatSays() {
        SampleData.fill(state);
        String key = state.apiKeys.get(1).id();

        open("period=7d&outcome=OK&caller=" + key + "&model=acme/fashion");

        assertThat(state.requests.getLast())
                .contains("outcome=OK", "principal=" + key, "model=acme%2Ffashion");
        assertThat($(Select.class).withId("call-code").all()).isEmpty();
        assertThat($(Select.class).withId("call-period").single().getValue())
                .isEqualTo(CallPeriod.WEEK);
    }

    @Test
    void asksForTheTimesThatAPersonChose() {
        SampleData.fill(state);
        open("period=custom&from=2026-01-02T03:04:00Z&to=2026-01-03T00:00:00Z");
        assertThat(state.requests).anyMatch(asked -> asked.contains("to=2026-01-03T00%3A00%3A00Z"));

        DateTimePicker to = $(DateTimePicker.class).withId("call-to").single();
        to.setValue(to.getValue().minusDays(2));

        assertThat(text()).contains("This period cannot be shown");
        assertThat(address()).contains("to=2026-01-01T00");
    }

    @Test
    void goesToACallByItsRequestId() {
        SampleData.fill(state);
        RefusedCall call = state.refusedCalls.getFirst();
        navigate(CallsView.class);

        search("what?");
        assertThat($(TextField.class).withId("call-search").single().isInvalid()).isTrue();
        search("x-request-id: " + call.callId());

        assertThat(address()).isEqualTo("calls/" + call.callId());
        assertThat(text())
                .contains("Why it was refused", "insufficient_quota", "HTTP 429")
                .contains("Team a day: 200,000 tokens per day", "198,512", "1,200", "288", "512")
                .contains("see Quotas", "marketing/eu", "None: it reached no node");
        assertThat(has("call-phases")).isFalse();
    }

    @Test
    void showsWhereTheTimeOfACallWentAndItsAttempts() {
        SampleData.fill(state);
        UsageRecord call = state.usage.getFirst();
        Instant at = call.openedAt();
        NodeId node = new NodeId(UUID.randomUUID());
        state.attempts.add(
                new CallAttempt(
                        1,
                        node,
                        at,
                        at.plusMillis(5),
                        "NODE_FAILED",
                        3,
                        0,
                        900,
                        null,
                        null,
                        false));
        state.attempts.add(
                new CallAttempt(
                        2, node, at, at.plusMillis(20), "OK", 3, 7, 12_000, null, null, true));

        UI.getCurrent().navigate("calls/" + call.callId());

        assertThat(has("call-phases")).isTrue();
        assertThat(rows("attempts")).isEqualTo(2);
        assertThat(text())
                .contains(call.modelName() + ":1", "NODE_FAILED", "billed", "20 ms", "12 ms")
                .contains("HTTP " + call.httpStatus(), call.nodeId().toString());
    }

    @Test
    void saysWhatCameFromACacheOnlyWhereThatIsKnown() {
        SampleData.fill(state);
        UUID known = firstOf(call -> call.cachedInputTokens() != null);
        UUID unknown = firstOf(call -> call.cachedInputTokens() == null);

        UI.getCurrent().navigate("calls/" + known);
        assertThat(text()).contains("Input from a cache");

        UI.getCurrent().navigate("calls/" + unknown);
        assertThat(text()).doesNotContain("Input from a cache");
    }

    @Test
    void saysOfPicturesAndSoundHowManyAndHowLong() {
        SampleData.fill(state);
        UUID neither = state.usage.getFirst().callId();
        UsageRecord both = SampleData.with(state.usage.removeLast(), new Media(3, 1_500));
        state.usage.add(both);

        UI.getCurrent().navigate("calls/" + neither);
        assertThat(text()).doesNotContain("Images", "Audio");

        UI.getCurrent().navigate("calls/" + both.callId());
        assertThat(text()).contains("Images", "Audio", "1.5 s");
    }

    @Test
    void saysWhyACallIsChargedNothing() {
        SampleData.fill(state);
        UUID charged = state.usage.getFirst().callId();
        UsageRecord waived = state.usage.removeLast().waived(Waiver.GIVEN_UP);
        state.usage.add(waived);

        UI.getCurrent().navigate("calls/" + charged);
        assertThat(text()).doesNotContain("Nothing is charged");

        UI.getCurrent().navigate("calls/" + waived.callId());
        assertThat(text()).contains("Nothing is charged: its gateway had been given up as lost");
    }

    private UUID firstOf(Predicate<UsageRecord> condition) {
        return state.usage.stream().filter(condition).findFirst().orElseThrow().callId();
    }

    @Test
    void saysWhatAnUnknownRequestIdMayMean() {
        UI.getCurrent().navigate("calls/" + UUID.randomUUID());
        assertThat(text()).contains("No such call", "some seconds after it has ended");

        UI.getCurrent().navigate("calls/none");
        assertThat(text()).contains("No such call", "A request id looks like");
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void showsIdsToThoseWhoMayNotSeeKeys() {
        SampleData.fill(state);

        navigate(CallsView.class);

        assertThat(text()).doesNotContain("billing service");
        assertThat(rows("calls")).isEqualTo(25);
    }

    private static void open(String query) {
        UI.getCurrent().navigate(CallsView.class, QueryParameters.fromString(query));
    }

    private void search(String text) {
        test($(TextField.class).withId("call-search").single()).setValue(text);
        test($(Button.class).withId("call-search-go").single()).click();
    }

    @SuppressWarnings("unchecked")
    private void choose(String id, String value) {
        ((Select<String>) $(Select.class).withId(id).single()).setValue(value);
    }

    private static String address() {
        return UI.getCurrent().getInternals().getActiveViewLocation().getPathWithQueryParameters();
    }
}
