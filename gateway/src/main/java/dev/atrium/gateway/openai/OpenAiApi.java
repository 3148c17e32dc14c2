package dev.atrium.gateway.openai;

import dev.atrium.gateway.call.CallPipeline;
import dev.atrium.gateway.organization.OrganizationReports;
import dev.atrium.gateway.organization.ReportKind;
import dev.atrium.gateway.predict.PredictCall;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.web.ApiFamily;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The paths of {@code /v1}. */
@Component
@Order(0)
class OpenAiApi implements ApiFamily {
    private static final List<String> MODELS = List.of("v1", "models");
    private static final List<String> PREDICT = List.of("v1", "predict");

    private final CallPipeline pipeline;
    private final ModelsEndpoint models;
    private final LimitsEndpoint limits;
    private final OrganizationReports organization;
    private final Clock clock;

    OpenAiApi(
            CallPipeline pipeline,
            ModelsEndpoint models,
            LimitsEndpoint limits,
            OrganizationReports organization,
            Clock clock) {
        this.pipeline = pipeline;
        this.models = models;
        this.limits = limits;
        this.organization = organization;
        this.clock = clock;
    }

    @Override
    public String prefix() {
        return "v1";
    }

    @Override
    public Mono<Void> handle(Exchange exchange) {
        List<String> path = exchange.segments();
        if (path.equals(List.of("v1", "embeddings"))) {
            exchange.requireMethod("POST");
            return pipeline.serve(exchange, new EmbeddingsCall(exchange));
        }
        if (path.equals(List.of("v1", "chat", "completions"))) {
            exchange.requireMethod("POST");
            return pipeline.serve(exchange, new ChatCall(exchange, clock.instant()));
        }
        if (path.equals(List.of("v1", "audio", "transcriptions"))) {
            exchange.requireMethod("POST");
            return pipeline.serve(exchange, new TranscriptionCall(exchange));
        }
        if (path.size() > 2 && path.subList(0, 2).equals(PREDICT)) {
            return predict(exchange, path.subList(2, path.size()));
        }
        if (path.equals(List.of("v1", "limits"))) {
            exchange.requireMethod("GET");
            return limits.list(exchange);
        }
        if (path.size() >= 2 && path.size() <= 4 && path.subList(0, 2).equals(MODELS)) {
            exchange.requireMethod("GET");
            return path.size() == 2
                    ? models.list(exchange)
                    : models.get(exchange, String.join("/", path.subList(2, path.size())));
        }
        Optional<ReportKind> report = ReportKind.at(path);
        if (report.isPresent()) {
            exchange.requireMethod("GET");
            return organization.answer(exchange, report.get());
        }
        throw notFound(exchange);
    }

    /** {@code curl -T} puts. */
    private Mono<Void> predict(Exchange exchange, List<String> model) {
        ModelReference reference =
                ModelReference.ofPath(model).orElseThrow(() -> notFound(exchange));
        exchange.requireMethod("POST", "PUT");
        return pipeline.serve(exchange, new PredictCall(exchange, reference));
    }

    private static RefusedException notFound(Exchange exchange) {
        return Refusal.of(
                        Refusal.Reason.PATH_NOT_FOUND,
                        "no such path: " + Exchange.printable(exchange.rawPath()))
                .asException();
    }

    @Override
    public byte[] errorBody(Refusal refusal) {
        return OpenAiError.of(refusal).body();
    }
}
