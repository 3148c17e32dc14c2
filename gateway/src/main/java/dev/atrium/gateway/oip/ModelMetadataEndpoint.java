package dev.atrium.gateway.oip;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.call.Gatekeeper;
import dev.atrium.gateway.routing.ModelDirectory;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.routing.Resolution;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Json;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What {@code /v2/models} tells about models without calling them. */
@Component
class ModelMetadataEndpoint {
    private final Gatekeeper gatekeeper;
    private final ModelDirectory models;

    ModelMetadataEndpoint(Gatekeeper gatekeeper, ModelDirectory models) {
        this.gatekeeper = gatekeeper;
        this.models = models;
    }

    private record Metadata(
            String name,
            List<String> versions,
            String platform,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs) {}

    Mono<Void> list(Exchange exchange) {
        List<String> names =
                models.callable(reader(exchange)).stream()
                        .map(model -> model.name().toString())
                        .toList();
        return exchange.answerJson(200, Json.write(Map.of("models", names)));
    }

    Mono<Void> describe(Exchange exchange, ModelReference reference) {
        Resolution.Resolved found = gatekeeper.authorise(reader(exchange), reference);
        FeedModel model = found.model();
        FeedVersion version = found.version();
        List<String> numbers =
                reference.version() != null
                        ? List.of(reference.version())
                        : models.callableVersions(model).stream()
                                .map(each -> Integer.toString(each.number()))
                                .toList();
        return exchange.answerJson(
                200,
                Json.write(
                        new Metadata(
                                model.name().toString(),
                                numbers,
                                version.framework().platform(),
                                version.signature().inputs(),
                                version.signature().outputs())));
    }

    Mono<Void> ready(Exchange exchange, ModelReference reference) {
        Resolution.Resolved found = gatekeeper.authorise(reader(exchange), reference);
        String name = found.model().name().toString();
        if (!models.isReady(found.version())) {
            throw Refusal.retryable(
                            Refusal.Reason.MODEL_NOT_READY,
                            "the model " + name + " has no replica that is ready",
                            Duration.ofSeconds(2))
                    .asException();
        }
        return exchange.answerJson(200, Json.write(Map.of("name", name, "ready", true)));
    }

    private Caller reader(Exchange exchange) {
        Caller caller = gatekeeper.authenticate(exchange);
        gatekeeper.requireRead(caller);
        return caller;
    }
}
