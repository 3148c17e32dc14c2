/**
 * The OpenAI-compatible protocol under {@code /v1}: models, embeddings, chat completions and
 * transcriptions, with its error object and its server-sent events. What a request asks for and
 * this platform does not do is refused by name; members that nobody knows are ignored.
 */
@NullMarked
package dev.atrium.gateway.openai;

import org.jspecify.annotations.NullMarked;
