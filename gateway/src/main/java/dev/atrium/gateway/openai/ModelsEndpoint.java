package dev.atrium.gateway.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.call.Gatekeeper;
import dev.atrium.gateway.routing.ModelDirectory;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Json;
import dev.atrium.registry.api.feed.FeedModel;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code /v1/models}: what the caller can call now. Reading is neither limited nor metered. */
@Component
class ModelsEndpoint {
    private final Gatekeeper gatekeeper;
    private final ModelDirectory models;

    ModelsEndpoint(Gatekeeper gatekeeper, ModelDirectory models) {
        this.gatekeeper = gatekeeper;
        this.models = models;
    }

    private record ModelObject(String id, String object, long created, String ownedBy) {
        @JsonProperty("owned_by")
        @Override
        public String ownedBy() {
            return ownedBy;
        }

        static ModelObject of(FeedModel model) {
            return new ModelObject(
                    model.name().toString(),
                    "model",
                    model.createdAt().getEpochSecond(),
                    model.name().tenant());
        }
    }

    private record ModelList(String object, List<ModelObject> data) {}

    Mono<Void> list(Exchange exchange) {
        Caller caller = reader(exchange);
        List<ModelObject> data = models.callable(caller).stream().map(ModelObject::of).toList();
        return exchange.answerJson(200, Json.write(new ModelList("list", data)));
    }

    Mono<Void> get(Exchange exchange, String name) {
        Caller caller = reader(exchange);
        FeedModel model = gatekeeper.authorise(caller, ModelReference.withoutVersion(name)).model();
        return exchange.answerJson(200, Json.write(ModelObject.of(model)));
    }

    private Caller reader(Exchange exchange) {
        Caller caller = gatekeeper.authenticate(exchange);
        gatekeeper.requireRead(caller);
        return caller;
    }
}
