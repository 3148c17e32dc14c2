/**
 * Checks the files that lie beside an ONNX model of text, as Hugging Face lays them out: which
 * names are allowed, and that they are bounded JSON or a bounded word list.
 */
@NullMarked
package dev.atrium.registry.artifact.tokenizer;

import org.jspecify.annotations.NullMarked;
