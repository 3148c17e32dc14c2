package dev.atrium.node.inference;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.EngineException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

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

    static HttpStatus status(String code) {
        return switch (code) {
            case NodeError.INVALID_INPUT, NodeError.CONTEXT_LENGTH_EXCEEDED ->
                    HttpStatus.BAD_REQUEST;
            case NodeError.INPUT_TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case NodeError.UNSUPPORTED_MEDIA_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case NodeError.INVALID_GRANT -> HttpStatus.UNAUTHORIZED;
            case NodeError.NOT_LOADED, NodeError.UNKNOWN_ATTEMPT -> HttpStatus.NOT_FOUND;
            case NodeError.NOT_READY, NodeError.LOADING -> HttpStatus.SERVICE_UNAVAILABLE;
            case NodeError.UNSUPPORTED -> HttpStatus.NOT_IMPLEMENTED;
            case NodeError.DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
            default -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }
}
