package dev.atrium.node.inference;

import dev.atrium.node.api.NodeProtocol;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The calls of gateways as the server has them. Everything else, health and metrics, is Spring's,
 * whose own requests and answers would cost a small call a fifth more.
 */
@Component
public class NodeApi {
    private static final String VERSIONS =
            NodeProtocol.INFER.substring(0, NodeProtocol.INFER.indexOf('{'));
    private static final int VERB_FROM = VERSIONS.length() + 36;
    private static final UUID NO_VERSION = new UUID(0, 0);

    private final Map<String, CallHandler> verbs;
    private final CallHandler ends;

    NodeApi(
            InferCalls infer,
            EmbedCalls embed,
            PredictCalls predict,
            ChatCalls chat,
            EndCalls ends) {
        this.verbs =
                Map.of(
                        verb(NodeProtocol.INFER), infer,
                        verb(NodeProtocol.EMBED), embed,
                        verb(NodeProtocol.PREDICT), predict,
                        verb(NodeProtocol.CHAT), chat);
        this.ends = ends;
    }

    private static String verb(String template) {
        return template.substring(template.indexOf('}') + 1);
    }

    public static boolean isCall(HttpServerRequest request) {
        return request.method().equals(HttpMethod.POST)
                && (request.uri().startsWith(VERSIONS) || request.uri().equals(NodeProtocol.END));
    }

    public Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        String path = path(request.uri());
        if (path.equals(NodeProtocol.END)) {
            return answer(ends, new NodeExchange(NO_VERSION, request, response));
        }
        CallHandler handler =
                path.length() > VERB_FROM ? verbs.get(path.substring(VERB_FROM)) : null;
        UUID version = handler == null ? null : version(path);
        return handler == null || version == null
                ? response.status(HttpResponseStatus.NOT_FOUND).send()
                : answer(handler, new NodeExchange(version, request, response));
    }

    private static Mono<Void> answer(CallHandler handler, NodeExchange exchange) {
        return Mono.defer(() -> handler.answer(exchange))
                .onErrorResume(failure -> Responses.refuse(exchange.response(), failure));
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static @Nullable UUID version(String path) {
        try {
            return UUID.fromString(path.substring(VERSIONS.length(), VERB_FROM));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
