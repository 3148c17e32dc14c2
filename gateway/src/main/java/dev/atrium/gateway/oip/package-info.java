/**
 * The Open Inference Protocol under {@code /v2}: health, metadata, readiness and inference on JSON
 * tensors, which pass through to the node unchanged. Errors are {@code {"error": "…"}}.
 */
@NullMarked
package dev.atrium.gateway.oip;

import org.jspecify.annotations.NullMarked;
