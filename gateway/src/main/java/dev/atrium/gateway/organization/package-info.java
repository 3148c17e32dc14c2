/**
 * What a tenant used and what it cost, in the words of the OpenAI API: {@code completions}, {@code
 * embeddings}, {@code images} and {@code audio_transcriptions} of {@code /v1/organization/usage/},
 * and {@code /v1/organization/costs}. The registry has the sums; this asks it on behalf of a caller
 * whose credential it has checked, always for the caller's own tenant, for a few callers at a time
 * and never on a thread that serves others. Keeps nothing: without a registry there is no answer.
 */
@NullMarked
package dev.atrium.gateway.organization;

import org.jspecify.annotations.NullMarked;
