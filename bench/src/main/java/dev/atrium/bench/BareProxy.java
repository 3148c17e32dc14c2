package dev.atrium.bench;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/**
 * The peer: the least that a proxy on the same libraries can do. It looks a key up in a set and
 * passes the bytes on; no limits, no journal, no metering, no routing.
 */
final class BareProxy {
    private BareProxy() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        String upstream = arguments[1];
        Set<String> keys = Set.of("Bearer " + arguments[2]);
        HttpClient client = HttpClient.create();
        HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .handle((request, response) -> {
                    if (!keys.contains(request.requestHeaders().get("authorization"))) {
                        return response.status(HttpResponseStatus.UNAUTHORIZED).send();
                    }
                    return client.post()
                            .uri(upstream + request.uri())
                            .send(request.receive().retain())
                            .response((answer, content) -> {
                                response.status(answer.status());
                                return response.send(content.retain()).then(Mono.empty());
                            })
                            .then();
                })
                .bindNow()
                .onDispose()
                .block();
    }
}
