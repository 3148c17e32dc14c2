/**
 * Text embeddings on top of any engine that takes tensors: the tokenizer that came with the model,
 * batches of similar length, pooling and normalising. Owns the count of tokens that were computed.
 */
@NullMarked
package dev.atrium.node.engine.text;

import org.jspecify.annotations.NullMarked;
