package dev.atrium.gateway.call;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.refusal.Refusals;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.routing.Resolution;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.RefusedCall;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call of a known caller until it is opened: should it be refused, the call log is told. From
 * then on the ledger has it, however it ends.
 */
final class AskedCall implements Consumer<Refusal> {
    private final Exchange exchange;
    private final Caller caller;
    private final Refusals refusals;
    private final Clock clock;
    private Operation operation;
    private @Nullable ModelReference model;

    AskedCall(
            Exchange exchange, Caller caller, Operation operation, Refusals refusals, Clock clock) {
        this.exchange = exchange;
        this.caller = caller;
        this.operation = operation;
        this.refusals = refusals;
        this.clock = clock;
    }

    ModelReference of(ModelReference reference) {
        model = reference;
        return reference;
    }

    /** Its model is known, and with it what was asked for. */
    Resolution.Resolved of(Resolution.Resolved target, ProtocolCall protocol) {
        operation = protocol.operation(target.model());
        return target;
    }

    @Override
    public void accept(Refusal refusal) {
        String code = refusal.reason().code();
        refusals.note(caller.tenantId(), code, () -> record(refusal, code));
    }

    private RefusedCall record(Refusal refusal, String code) {
        ModelReference asked = model;
        return new RefusedCall(
                exchange.id(),
                caller.tenantId(),
                caller.projectId(),
                caller.principalKind(),
                caller.principalId(),
                operation,
                asked == null ? null : printable(fullName(asked.name())),
                asked == null || asked.version() == null ? null : printable(asked.version()),
                refusal.reason().status(),
                code,
                refusal.param() == null ? null : printable(refusal.param()),
                refusal.limit(),
                clock.instant(),
                CallLabel.ofRefused(exchange, caller));
    }

    private String fullName(String name) {
        return name.indexOf('/') < 0 ? caller.tenantSlug() + "/" + name : name;
    }

    /** A caller's text as a log can keep it: short, and without what JSON or people cannot read. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(RefusedCall.LONGEST_TEXT)
                .map(each -> isReadable(each) ? each : '?')
                .takeWhile(each ->
                        shown.length() + Character.charCount(each) <= RefusedCall.LONGEST_TEXT)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static boolean isReadable(int codePoint) {
        return !Character.isISOControl(codePoint)
                && Character.getType(codePoint) != Character.SURROGATE;
    }
}
