/**
 * Walks an ONNX file on the wire, field by field, without building it in memory. Refuses what would
 * make the runtime read other files, run foreign code or exhaust the stack, and takes the signature
 * from the graph's inputs and outputs.
 */
@NullMarked
package dev.atrium.registry.artifact.onnx;

import org.jspecify.annotations.NullMarked;
