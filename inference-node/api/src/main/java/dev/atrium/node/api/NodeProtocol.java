package dev.atrium.node.api;

import java.time.Duration;

/**
 * Paths and headers of an inference node, internal to the platform. Every call carries a grant;
 * refusals are {@link NodeError} bodies.
 */
public final class NodeProtocol {
    public static final String GRANT_HEADER = "Atrium-Grant";

    /** JSON {@link NodeUsage} of a complete answer; streams end with it in their last event. */
    public static final String USAGE_HEADER = "Atrium-Usage";

    /** {@code rows,columns} of a float matrix body. */
    public static final String SHAPE_HEADER = "Atrium-Shape";

    /**
     * {@code wait=N} (RFC 7240): up to so many seconds a call waits for a version that has to be
     * loaded first, before the node answers {@link NodeError#LOADING}.
     */
    public static final String WAIT_HEADER = "Prefer";

    /** Longest wait for a version that is loaded, whatever a caller prefers. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /**
     * Of a request or an answer with binary tensors: the length of its JSON, behind which the
     * tensors' bytes stand. As the protocol's extension {@code binary_tensor_data} calls it.
     */
    public static final String JSON_LENGTH_HEADER = "Inference-Header-Content-Length";

    /**
     * POST, Open Inference Protocol in and out; {@code {versionId}} is a UUID. {@code header} in
     * the query is the length of the JSON of a request with binary tensors; {@code binary=false}
     * has binary outputs refused. Answers with binary outputs are {@code application/octet-stream}
     * with {@link #JSON_LENGTH_HEADER}.
     */
    public static final String INFER = "/node/v1/versions/{versionId}/infer";

    /**
     * POST {@link EmbedRequest}; answers {@code application/octet-stream}, little-endian IEEE-754
     * float32 rows in the order of the inputs, with {@link #SHAPE_HEADER} and {@link
     * #USAGE_HEADER}.
     */
    public static final String EMBED = "/node/v1/versions/{versionId}/embed";

    /**
     * POST {@link ChatRequest}; answers {@code text/event-stream}: {@code data:} lines with {@link
     * ChatDelta} JSON, the last one with a finish reason and usage. Closing the connection cancels
     * the computation.
     */
    public static final String CHAT = "/node/v1/versions/{versionId}/chat";

    /**
     * POST the natural input of the version's task with its {@code Content-Type}, see {@link
     * NaturalTypes}; answers the JSON that {@code /v1/predict} answers. {@code top} in the query is
     * the number of labels.
     */
    public static final String PREDICT = "/node/v1/versions/{versionId}/predict";

    /**
     * POST without a body, with another grant of the same call and attempt: cancels the attempt if
     * it still runs, and answers {@link AttemptEnd} once its worker has ended it. An attempt that
     * the node has not seen can never begin after this.
     */
    public static final String END = "/node/v1/attempts/end";

    private NodeProtocol() {}

    public static String path(String template, java.util.UUID versionId) {
        return template.replace("{versionId}", versionId.toString());
    }
}
