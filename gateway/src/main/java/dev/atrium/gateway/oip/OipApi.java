package dev.atrium.gateway.oip;

import dev.atrium.gateway.call.CallPipeline;
import dev.atrium.gateway.health.GatewayReadiness;
import dev.atrium.gateway.web.ApiFamily;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Json;
import dev.atrium.gateway.web.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The paths of {@code /v2}. */
@Component
@Order(1)
class OipApi implements ApiFamily {
    private final CallPipeline pipeline;
    private final ModelMetadataEndpoint metadata;
    private final GatewayReadiness readiness;

    OipApi(CallPipeline pipeline, ModelMetadataEndpoint metadata, GatewayReadiness readiness) {
        this.pipeline = pipeline;
        this.metadata = metadata;
        this.readiness = readiness;
    }

    @Override
    public String prefix() {
        return "v2";
    }

    @Override
    public Mono<Void> handle(Exchange exchange) {
        List<String> path = exchange.segments();
        return switch (path.size()) {
            case 1 -> server(exchange);
            case 2 -> path.get(1).equals("models") ? models(exchange) : throwNotFound(exchange);
            default ->
                    switch (path.get(1)) {
                        case "health" -> health(exchange, path);
                        case "models" -> model(exchange, path.subList(2, path.size()));
                        default -> throwNotFound(exchange);
                    };
        };
    }

    private Mono<Void> server(Exchange exchange) {
        exchange.requireMethod("GET");
        return exchange.answerJson(
                200,
                Json.write(
                        Map.of(
                                "name",
                                "atrium",
                                "version",
                                GatewayVersion.text(),
                                "extensions",
                                List.of("binary_tensor_data"))));
    }

    private Mono<Void> models(Exchange exchange) {
        exchange.requireMethod("GET");
        return metadata.list(exchange);
    }

    private Mono<Void> health(Exchange exchange, List<String> path) {
        if (path.size() != 3) {
            return throwNotFound(exchange);
        }
        return switch (path.get(2)) {
            case "live" -> {
                exchange.requireMethod("GET");
                yield exchange.answerJson(200, Json.write(Map.of("live", true)));
            }
            case "ready" -> ready(exchange);
            default -> throwNotFound(exchange);
        };
    }

    private Mono<Void> ready(Exchange exchange) {
        exchange.requireMethod("GET");
        if (!readiness.isReady()) {
            throw Refusal.retryable(
                            Refusal.Reason.UNAVAILABLE,
                            "the gateway is not ready",
                            Duration.ofSeconds(2))
                    .asException();
        }
        return exchange.answerJson(200, Json.write(Map.of("ready", true, "live", true)));
    }

    private Mono<Void> model(Exchange exchange, List<String> segments) {
        ModelPath path = ModelPath.parse(segments).orElse(null);
        if (path == null) {
            return throwNotFound(exchange);
        }
        return switch (path.action()) {
            case INFER -> {
                exchange.requireMethod("POST");
                yield pipeline.serve(exchange, new InferCall(exchange, path.reference()));
            }
            case READY -> {
                exchange.requireMethod("GET");
                yield metadata.ready(exchange, path.reference());
            }
            case METADATA -> {
                exchange.requireMethod("GET");
                yield metadata.describe(exchange, path.reference());
            }
        };
    }

    private static Mono<Void> throwNotFound(Exchange exchange) {
        throw Refusal.of(
                        Refusal.Reason.PATH_NOT_FOUND,
                        "no such path: " + Exchange.printable(exchange.rawPath()))
                .asException();
    }

    @Override
    public byte[] errorBody(Refusal refusal) {
        return Json.write(Map.of("error", refusal.message()));
    }
}
