/**
 * {@code /v1/predict}: a text, picture, recording or table in, labels with scores, values or a text
 * out. Owns which types a model's task takes and how long an input may be; looks into none but for
 * the length in a WAV file's header, since all else is left to the node's workers.
 */
@NullMarked
package dev.atrium.gateway.predict;

import org.jspecify.annotations.NullMarked;
