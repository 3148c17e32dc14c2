/**
 * One way to load and run a model, whatever its format. A {@link
 * dev.atrium.node.engine.LoadedModel} takes tensors, texts or a conversation; the packages below
 * put ONNX Runtime, PyTorch and llama.cpp behind it. Everything here runs inside a worker process:
 * native code is expected to crash, and nothing here may matter to anybody else when it does.
 */
@NullMarked
package dev.atrium.node.engine;

import org.jspecify.annotations.NullMarked;
