package dev.atrium.registry.usage;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.cached;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Input tokens that came from a cache, from what gateways and nodes ship to the reports. */
class CachedInputIT extends LedgerTest {
    private final Instant at = Instant.now();

    @Test
    void sumsUpTheCallsOfWhichItIsKnownAndTellsNoneFromUnknown() {
        TestTenant acme = tenant("cached");
        ship(gateway(), List.of(call(acme, 3L), call(acme, 0L), call(acme, null)));
        // Into sums that are there already.
        ship(gateway(), List.of(call(acme, 4L)));

        assertThat(sum(acme).cachedInput()).isEqualTo(new CachedInput(3, 7));
        assertThat(csv(acme))
                .contains(",cached_input_calls,cached_input_tokens,")
                .contains(",3,7,");
    }

    @Test
    void whatNobodySaidIsAbsentAndHashesAsBefore() {
        TestTenant acme = tenant("cached");
        UsageRecord call = call(acme, null);
        ship(gateway(), List.of(call));

        assertThat(sum(acme).cachedInput()).isNull();
        assertThat(csv(acme)).endsWith(",0,,0,0.000\r\n");
        assertThat(details(acme, call.callId()).settled().cachedInputTokens()).isNull();
        assertThat(hashed(call.callId())).doesNotContain("cached");
    }

    @Test
    void theLedgerHasItAndHashesIt() {
        TestTenant acme = tenant("cached");
        UsageRecord some = call(acme, 3L);
        UsageRecord none = call(acme, 0L);
        ship(gateway(), List.of(some, none));

        assertThat(details(acme, some.callId()).settled().cachedInputTokens()).isEqualTo(3);
        assertThat(details(acme, none.callId()).settled().cachedInputTokens()).isZero();
        assertThat(hashed(some.callId())).contains("\"cached_input_tokens\": 3");
    }

    @Test
    void aCallOfAKilledGatewayHasWhatItsNodeSays() {
        TestTenant acme = tenant("cached");
        OpenCall call = open(acme.id(), Instant.now());
        ship(gateway(), List.of(), List.of(call));
        shipFromNode(node(), cached(account(call, 1, Instant.now(), Outcome.OK, 3, 4), 2L));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> details(acme, call.callId()).settled() != null);

        assertThat(details(acme, call.callId()).settled().cachedInputTokens()).isEqualTo(2);
    }

    @Test
    void quarantinesMoreThanThereWas() {
        TestTenant acme = tenant("cached");

        ShipUsageReply reply =
                ship(gateway(), List.of(call(acme, 4L), call(acme, 5L), call(acme, -1L)));

        assertThat(reply).isEqualTo(new ShipUsageReply(1, 0, 2));
        assertThat(sum(acme).cachedInput()).isEqualTo(new CachedInput(1, 4));
    }

    /** Four tokens in; all in one hour. */
    private UsageRecord call(TestTenant tenant, @Nullable Long cached) {
        return cached(settled(open(tenant.id(), at), null, 4, 6), cached);
    }
}
