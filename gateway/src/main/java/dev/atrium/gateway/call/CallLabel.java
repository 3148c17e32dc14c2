package dev.atrium.gateway.call;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.usage.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cost centre of a call: what its header says, otherwise what its key has. */
final class CallLabel {
    private CallLabel() {}

    static @Nullable String of(Exchange exchange, Caller caller) {
        List<String> named = exchange.headers(Labels.HEADER);
        if (named.isEmpty()) {
            return caller.label();
        }
        String label = named.getFirst();
        if (named.size() > 1 || !Labels.isValid(label)) {
            throw Refusal.about(
                            Refusal.Reason.INVALID_LABEL,
                            "the header Atrium-Label is '%s'; send it once, with %s"
                                    .formatted(
                                            Exchange.printable(String.join(", ", named)),
                                            Labels.RULE),
                            Labels.HEADER)
                    .asException();
        }
        return label;
    }

    /** The same for a call that is refused, be it for its label. */
    static @Nullable String ofRefused(Exchange exchange, Caller caller) {
        List<String> named = exchange.headers(Labels.HEADER);
        if (named.isEmpty()) {
            return caller.label();
        }
        return named.size() == 1 && Labels.isValid(named.getFirst()) ? named.getFirst() : null;
    }
}
