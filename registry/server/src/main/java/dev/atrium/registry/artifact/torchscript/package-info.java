/**
 * Examines a TorchScript archive. TorchScript is code, so everything in the archive is on an allow
 * list: its members, the opcodes and names in its pickles, and the operators in its source text.
 * libtorch would run operators that read and write files, and dies of deeply nested input; the
 * walls around workers are the second line, this is the first.
 */
@NullMarked
package dev.atrium.registry.artifact.torchscript;

import org.jspecify.annotations.NullMarked;
