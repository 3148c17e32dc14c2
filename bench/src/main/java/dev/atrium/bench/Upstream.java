package dev.atrium.bench;

import dev.atrium.node.api.NodeProtocol;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A node that computes nothing: the same 300 bytes for every call, with usage. */
final class Upstream {
    private static final byte[] ANSWER =
            ("{\"model_name\":\"bench/model\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"y\","
                            + "\"datatype\":\"FP32\",\"shape\":[1,10],\"data\":["
                            + "0.012345,".repeat(9)
                            + "0.012345]}],\"parameters\":{\"padding\":\""
                            + "x".repeat(60)
                            + "\"}}")
                    .getBytes(StandardCharsets.UTF_8);

    private final DisposableServer server =
            HttpServer.create()
                    .host("127.0.0.1")
                    .port(0)
                    .handle((request, response) ->
                            request.receive()
                                    .then()
                                    .then(
                                            response.header("Content-Type", "application/json")
                                                    .header(
                                                            NodeProtocol.USAGE_HEADER,
                                                            "{\"inputTokens\":0,\"outputTokens\":0,\"computeMicros\":100}")
                                                    .send(
                                                            Mono.fromSupplier(() ->
                                                                    Unpooled.wrappedBuffer(ANSWER)))
                                                    .then()))
                    .bindNow();

    String url() {
        return "http://127.0.0.1:" + server.port();
    }
}
