package dev.atrium.node.inference;

import dev.atrium.node.api.NodeProtocol;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A request and its answer, as the server has them.
 *
 * @param versionId as the path names it; that of nothing where it names none
 */
record NodeExchange(UUID versionId, HttpServerRequest request, HttpServerResponse response) {
    @Nullable String header(CharSequence name) {
        return request.requestHeaders().get(name);
    }

    @Nullable String grant() {
        return header(NodeProtocol.GRANT_HEADER);
    }

    /** Of the body, in bytes; -1 where the request does not say. */
    long contentLength() {
        String length = header(HttpHeaderNames.CONTENT_LENGTH);
        // The server refuses what is no number.
        return length == null ? -1 : Long.parseLong(length);
    }

    /** The first value in the query. */
    @Nullable String parameter(String name) {
        List<String> values = new QueryStringDecoder(request.uri()).parameters().get(name);
        return values == null ? null : values.getFirst();
    }
}
