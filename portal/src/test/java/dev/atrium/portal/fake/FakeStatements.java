package dev.atrium.portal.fake;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.statement.StatementSummary;

/** Closed days. */
final class FakeStatements {
    private FakeStatements() {}

    static void register(FakeRegistry registry) {
        registry.route(
                "GET",
                "/statements",
                call ->
                        FakeApi.page(
                                call,
                                call.state().statements.stream()
                                        .map(FakeStatements::summary)
                                        .toList()));
        registry.route("GET", "/statements/([^/]+)", FakeStatements::find);
        registry.route("GET", "/statements/([^/]+)/document", call -> find(call).document());
    }

    private static Statement find(FakeRegistry.Call call) {
        return call.state().statements.stream()
                .filter(one -> one.document().day().toString().equals(call.part(1)))
                .findFirst()
                .orElseThrow(() ->
                        new FakeRegistry.Refused(
                                404, ErrorCode.NOT_FOUND, "there is no statement"));
    }

    private static StatementSummary summary(Statement one) {
        return new StatementSummary(
                one.document().day(),
                one.document().total(),
                one.document().late().count(),
                one.document().adjustments().size(),
                one.document().balance(),
                one.hash(),
                one.madeAt());
    }
}
