package dev.atrium.gateway.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.call.Gatekeeper;
import dev.atrium.gateway.quota.Quotas;
import dev.atrium.gateway.quota.Standing;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Json;
import dev.atrium.registry.api.feed.FeedPolicy;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code GET /v1/limits}: the caller's own limits and where they stand. */
@Component
class LimitsEndpoint {
    private final Gatekeeper gatekeeper;
    private final Quotas quotas;
    private final Clock clock;

    LimitsEndpoint(Gatekeeper gatekeeper, Quotas quotas, Clock clock) {
        this.gatekeeper = gatekeeper;
        this.quotas = quotas;
        this.clock = clock;
    }

    /**
     * @param model whose calls are counted; null for every model
     * @param currency of money; null otherwise
     * @param left what could still be taken through this gateway
     * @param resetsAt epoch seconds; null where the window never ends
     */
    private record LimitObject(
            String object,
            String id,
            String name,
            String scope,
            @Nullable String model,
            String unit,
            @Nullable String currency,
            String window,
            String mode,
            long amount,
            @Nullable Long burst,
            @Nullable Long used,
            @Nullable Long reserved,
            @Nullable Long left,
            @JsonProperty("resets_at") @Nullable Long resetsAt) {
        static LimitObject of(Standing standing, long now) {
            FeedPolicy policy = standing.policy();
            boolean counted = standing.isKnown() && !policy.window().isRate();
            return new LimitObject(
                    "limit",
                    policy.id().toString(),
                    policy.name(),
                    scope(policy),
                    policy.subject().model() == null ? null : policy.subject().model().toString(),
                    policy.unit().name(),
                    policy.currency(),
                    policy.window().name(),
                    policy.mode().name(),
                    policy.amount(),
                    policy.burst(),
                    counted ? standing.used() : null,
                    counted ? standing.reserved() : null,
                    standing.isKnown() ? standing.left() : null,
                    standing.reset() == null ? null : now + standing.reset().toSeconds());
        }

        private static String scope(FeedPolicy policy) {
            if (policy.subject().apiKeyId() != null) {
                return "api_key";
            }
            if (policy.subject().projectId() != null) {
                return "project";
            }
            return policy.subject().model() != null ? "model" : "tenant";
        }
    }

    private record LimitList(String object, List<LimitObject> data) {}

    Mono<Void> list(Exchange exchange) {
        Caller caller = gatekeeper.authenticate(exchange);
        gatekeeper.requireRead(caller);
        return quotas.standings(caller, exchange.eventLoop())
                .map(standings -> document(standings, clock.instant().getEpochSecond()))
                .flatMap(document -> exchange.answerJson(200, document));
    }

    private static byte[] document(List<Standing> standings, long now) {
        return Json.write(
                new LimitList(
                        "list",
                        standings.stream().map(each -> LimitObject.of(each, now)).toList()));
    }
}
