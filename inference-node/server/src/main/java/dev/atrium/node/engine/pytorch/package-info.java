/**
 * TorchScript models through DJL's PyTorch engine. A TorchScript file is a program: it may crash,
 * loop and read whatever its process can, so this runs only where a kill is the last word.
 */
@NullMarked
package dev.atrium.node.engine.pytorch;

import org.jspecify.annotations.NullMarked;
