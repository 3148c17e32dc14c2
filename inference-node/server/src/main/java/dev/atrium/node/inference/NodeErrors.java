package dev.atrium.node.inference;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.EngineException;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where failures become {@link NodeError}s and statuses. */
final class NodeErrors {
    private static final Logger LOG = LoggerFactory.getLogger(NodeErrors.class);

    private NodeErrors() {}

    static NodeError error(Throwable failure) {
        if (failure instanceof EngineException known) {
            if (known.code().equals(NodeError.MODEL_FAILED) && known.getCause() != null) {
                LOG.warn("a model fails: {}", known.message(), known.getCause());
            }
            return new NodeError(known.code(), known.message(), known.param());
        }
        if (failure instanceof LoadingException loading) {
            return new NodeError(
                    NodeError.LOADING,
                    "the model is being loaded; try again in " + loading.seconds() + " s");
        }
        if (failure instanceof FailedCallException failed) {
            return error(failed.getCause());
        }
        LOG.error("a call fails", failure);
        return new NodeError(NodeError.MODEL_FAILED, "the call failed inside the node");
    }

    static HttpResponseStatus status(String code) {
        return switch (code) {
            case NodeError.INVALID_INPUT, NodeError.CONTEXT_LENGTH_EXCEEDED ->
                    HttpResponseStatus.BAD_REQUEST;
            case NodeError.INPUT_TOO_LARGE -> HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
            case NodeError.UNSUPPORTED_MEDIA_TYPE -> HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE;
            case NodeError.INVALID_GRANT -> HttpResponseStatus.UNAUTHORIZED;
            case NodeError.NOT_LOADED, NodeError.UNKNOWN_ATTEMPT -> HttpResponseStatus.NOT_FOUND;
            case NodeError.NOT_READY, NodeError.LOADING -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            case NodeError.UNSUPPORTED -> HttpResponseStatus.NOT_IMPLEMENTED;
            case NodeError.DEADLINE_EXCEEDED -> HttpResponseStatus.GATEWAY_TIMEOUT;
            default -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
        };
    }
}
