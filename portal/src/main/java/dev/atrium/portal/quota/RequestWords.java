package dev.atrium.portal.quota;

import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.RequestState;
import java.util.Locale;

/** Requests for more as people read them. */
final class RequestWords {
    private RequestWords() {}

    static String key(RequestState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static Badge badge(RequestState state) {
        Tone tone =
                switch (state) {
                    case OPEN -> Tone.BUSY;
                    case APPROVED, TRIMMED -> Tone.GOOD;
                    case DENIED -> Tone.BAD;
                    case WITHDRAWN -> Tone.QUIET;
                };
        Badge badge = new Badge(tone, Texts.ofPage().constant("request.state", state));
        badge.addClassName("still");
        return badge;
    }

    /** {@code 1,000 → 2,000 tokens per day for the key ci-bot}. */
    static String wish(QuotaRequest request, PolicyWords words) {
        return raise(request.policy(), request.formerAmount(), request.amount(), words);
    }

    static String raise(Policy policy, long from, long to, PolicyWords words) {
        return Texts.ofPage()
                .of(
                        "request.raise",
                        words.figure(policy.unit(), from),
                        words.amount(policy.unit(), policy.window(), to),
                        words.subject(policy.subject()));
    }

    /** Actors are named with their kind, which for people says nothing. */
    static String person(String actor) {
        return actor.startsWith("user:") ? actor.substring("user:".length()) : actor;
    }
}
