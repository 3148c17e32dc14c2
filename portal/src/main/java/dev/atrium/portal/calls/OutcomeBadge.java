package dev.atrium.portal.calls;

import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UsageRecord;
import java.util.Locale;

/** How a call ended, in a word; the HTTP status is in its tooltip. */
final class OutcomeBadge {
    private OutcomeBadge() {}

    static String text(Outcome outcome) {
        return I18NProvider.translate("outcome." + outcome.name().toLowerCase(Locale.ROOT));
    }

    static Badge of(UsageRecord call) {
        Tone tone =
                switch (call.outcome()) {
                    case OK -> Tone.GOOD;
                    case CLIENT_GONE -> Tone.QUIET;
                    case INVALID_INPUT -> Tone.BUSY;
                    case NODE_FAILED, NO_REPLICA, DEADLINE_EXCEEDED, GATEWAY_LOST -> Tone.BAD;
                };
        Badge badge = still(tone, text(call.outcome()));
        badge.setTitle(
                I18NProvider.translate(
                        "call.http", String.valueOf(call.httpStatus()), call.attempts()));
        return badge;
    }

    static Badge of(RefusedCall call) {
        Badge badge = still(Tone.BUSY, I18NProvider.translate("outcome.refused"));
        badge.setTitle("HTTP " + call.httpStatus());
        return badge;
    }

    static Badge still(Tone tone, String text) {
        Badge badge = new Badge(tone, text);
        badge.addClassName("still");
        return badge;
    }
}
