package dev.atrium.portal.fake;

import dev.atrium.portal.fake.FakeRegistry.Refused;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.LoggedCall;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The call log. */
final class FakeCalls {
    private FakeCalls() {}

    static void register(FakeRegistry registry) {
        registry.route("GET", "/calls", call -> FakeApi.page(call, list(call)));
        registry.route("GET", "/calls/unlisted", call -> FakeApi.page(call, call.state().unlisted));
        registry.route("GET", "/calls/([^/]+)", FakeCalls::get);
    }

    private static List<LoggedCall> list(FakeRegistry.Call call) {
        Instant from = Instant.parse(call.query("from"));
        String outcome = call.query("outcome");
        boolean opened = call.query("code") == null && !"refused".equals(outcome);
        boolean refused = outcome == null || outcome.equals("refused");
        Stream<LoggedCall> made =
                call.state().usage.stream()
                        .filter(one -> opened)
                        .filter(one -> outcome == null || one.outcome().name().equals(outcome))
                        .filter(one -> fits(call, "model", one.modelName().toString()))
                        .filter(one -> fits(call, "principal", one.principalId()))
                        .filter(one -> fits(call, "label", one.label()))
                        .map(LoggedCall::of);
        Stream<LoggedCall> not =
                call.state().refusedCalls.stream()
                        .filter(one -> refused)
                        .filter(one -> fits(call, "code", one.code()))
                        .filter(one -> fits(call, "model", one.model()))
                        .filter(one -> fits(call, "principal", one.principalId()))
                        .filter(one -> fits(call, "label", one.label()))
                        .map(LoggedCall::of);
        return Stream.concat(made, not)
                .filter(one -> !CallTime.of(one.callId()).isBefore(from))
                .sorted(Comparator.comparing((LoggedCall one) -> one.callId()).reversed())
                .toList();
    }

    private static boolean fits(FakeRegistry.Call call, String parameter, String value) {
        String wanted = call.query(parameter);
        return wanted == null || Objects.equals(wanted, value);
    }

    private static Object get(FakeRegistry.Call call) {
        UUID id = UUID.fromString(call.part(1));
        Optional<UsageRecord> made =
                call.state().usage.stream().filter(one -> one.callId().equals(id)).findFirst();
        Optional<RefusedCall> refused =
                call.state().refusedCalls.stream()
                        .filter(one -> one.callId().equals(id))
                        .findFirst();
        return made.map(one -> CallDetails.settled(one, call.state().attempts))
                .or(() -> refused.map(CallDetails::refused))
                .orElseThrow(() -> new Refused(404, ErrorCode.NOT_FOUND, "There is no such call."));
    }
}
