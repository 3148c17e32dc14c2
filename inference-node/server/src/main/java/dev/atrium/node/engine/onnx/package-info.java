/**
 * ONNX models through ONNX Runtime's own Java binding, which is a quarter of the cost of going
 * through DJL. Owns session options, the mapping of element types and the translation of native
 * errors; refuses inputs that are no tensors.
 */
@NullMarked
package dev.atrium.node.engine.onnx;

import org.jspecify.annotations.NullMarked;
