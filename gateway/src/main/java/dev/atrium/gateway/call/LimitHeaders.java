package dev.atrium.gateway.call;

import dev.atrium.gateway.quota.Standing;
import dev.atrium.gateway.web.EnergyText;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.usage.Energy;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what is left, from what enforces: {@code RateLimit-Policy} and {@code RateLimit} for every
 * policy that applies (draft-ietf-httpapi-ratelimit-headers), and of requests and tokens the
 * tightest in the words of the OpenAI API. Of a whole answer also what the call cost and took.
 */
final class LimitHeaders {
    /** Structured fields know whole numbers of 15 digits. */
    private static final long LARGEST = 999_999_999_999_999L;

    private static final Set<Unit> TOKENS =
            EnumSet.of(Unit.TOKENS, Unit.INPUT_TOKENS, Unit.OUTPUT_TOKENS);

    private static final AsciiString POLICY = AsciiString.cached("RateLimit-Policy");
    private static final AsciiString LIMIT = AsciiString.cached("RateLimit");
    private static final Names OF_REQUESTS = Names.of("requests");
    private static final Names OF_TOKENS = Names.of("tokens");

    private final Exchange exchange;
    private @Nullable OfKey ofKey;
    private Supplier<List<Standing>> policies = List::of;

    /** The names of one kind of limit. */
    private record Names(AsciiString limit, AsciiString remaining, AsciiString reset) {
        static Names of(String what) {
            return new Names(
                    AsciiString.cached("x-ratelimit-limit-" + what),
                    AsciiString.cached("x-ratelimit-remaining-" + what),
                    AsciiString.cached("x-ratelimit-reset-" + what));
        }
    }

    private record OfKey(int limit, long remaining, Duration reset) {}

    /** Says nothing yet: what is left is looked up when the answer begins. */
    LimitHeaders(Exchange exchange) {
        this.exchange = exchange;
        exchange.atAnswer(this::write);
    }

    /** The limit of the key itself. */
    void ofKey(int limit, long remaining, Duration reset) {
        ofKey = new OfKey(limit, remaining, reset);
    }

    void ofPolicies(Supplier<List<Standing>> standings) {
        policies = standings;
    }

    private void write() {
        OfKey key = ofKey;
        if (key != null) {
            write(OF_REQUESTS, key.limit, key.remaining, key.reset);
        }
        List<Standing> standings = policies.get();
        if (!standings.isEmpty()) {
            write(standings, key == null ? Long.MAX_VALUE : key.remaining);
        }
    }

    private void write(List<Standing> standings, long leastRequests) {
        StringBuilder policies = new StringBuilder(128);
        StringBuilder limits = new StringBuilder(128);
        Standing requests = null;
        Standing tokens = null;
        for (Standing standing : standings) {
            addPolicy(policies, standing);
            addLimit(limits, standing);
            if (standing.policy().unit() == Unit.REQUESTS) {
                requests = tighter(requests, standing);
            } else if (TOKENS.contains(standing.policy().unit())) {
                tokens = tighter(tokens, standing);
            }
        }
        exchange.responseHeader(POLICY, policies.toString());
        exchange.responseHeader(LIMIT, limits.toString());
        if (requests != null && requests.left() <= leastRequests) {
            write(OF_REQUESTS, requests.limit(), requests.left(), requests.reset());
        }
        if (tokens != null) {
            write(OF_TOKENS, tokens.limit(), tokens.left(), tokens.reset());
        }
    }

    /** In millionths of the currency's unit. */
    void ofCost(Cost cost) {
        exchange.responseHeader(
                "Atrium-Cost", cost.micros() + ";currency=\"" + cost.currency() + "\"");
    }

    /** Absent where it is not known, so that nobody takes it for nothing. */
    void ofEnergy(Energy energy) {
        EnergyText text = EnergyText.of(energy);
        exchange.responseHeader("x-atrium-energy-j", text.joules());
        if (text.gramsCo2e() != null) {
            exchange.responseHeader("x-atrium-gco2e", text.gramsCo2e());
        }
        exchange.responseHeader("x-atrium-energy-method", text.method());
    }

    private static Standing tighter(@Nullable Standing one, Standing other) {
        return one == null || other.left() < one.left() ? other : one;
    }

    private static void addPolicy(StringBuilder text, Standing standing) {
        name(text, standing).append(";q=").append(Math.min(LARGEST, standing.limit()));
        switch (standing.policy().unit()) {
            case REQUESTS -> {}
            case CONCURRENCY -> text.append(";qu=\"concurrent-requests\"");
            case INPUT_TOKENS -> text.append(";qu=\"atrium-input-tokens\"");
            case OUTPUT_TOKENS -> text.append(";qu=\"atrium-output-tokens\"");
            case TOKENS -> text.append(";qu=\"atrium-tokens\"");
            case COMPUTE_MILLIS -> text.append(";qu=\"atrium-compute-millis\"");
            case COST_MICROS -> text.append(";qu=\"atrium-cost-micros\"");
            case STORED_BYTES -> text.append(";qu=\"atrium-stored-bytes\"");
            case IMAGES -> text.append(";qu=\"atrium-images\"");
            case AUDIO_MILLIS -> text.append(";qu=\"atrium-audio-millis\"");
        }
        if (standing.window() != null) {
            text.append(";w=").append(Math.max(1, standing.window().toSeconds()));
        }
    }

    private static void addLimit(StringBuilder text, Standing standing) {
        name(text, standing).append(";r=").append(Math.min(LARGEST, standing.left()));
        // Not until all is back: Retry-After must not come earlier than this.
        if (standing.more() != null) {
            text.append(";t=").append(standing.more().plusNanos(999_999_999).toSeconds());
        }
    }

    /** A structured string: printable ASCII, with backslash and quote escaped. */
    private static StringBuilder name(StringBuilder text, Standing standing) {
        if (!text.isEmpty()) {
            text.append(", ");
        }
        text.append('"');
        String name = standing.policy().name();
        for (int i = 0; i < name.length(); i++) {
            char each = name.charAt(i);
            if (each == '"' || each == '\\') {
                text.append('\\');
            }
            // A character outside the basic plane is two here, and becomes one question mark.
            if (!Character.isLowSurrogate(each)) {
                text.append(each >= ' ' && each < 0x7f ? each : '?');
            }
        }
        return text.append('"');
    }

    private void write(Names names, long limit, long remaining, @Nullable Duration reset) {
        exchange.responseHeader(names.limit, Long.toString(limit));
        exchange.responseHeader(names.remaining, Long.toString(remaining));
        if (reset != null) {
            exchange.responseHeader(names.reset, goDuration(reset));
        }
    }

    /** As the OpenAI API writes durations: {@code 250ms}, {@code 12s}, {@code 6m0s}. */
    static String goDuration(Duration duration) {
        if (duration.toSeconds() == 0) {
            return duration.toMillis() + "ms";
        }
        long hours = duration.toHours();
        String minutes = duration.toMinutes() > 0 ? duration.toMinutesPart() + "m" : "";
        return (hours > 0 ? hours + "h" : "") + minutes + duration.toSecondsPart() + "s";
    }
}
