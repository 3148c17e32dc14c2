/**
 * Reads the header of a GGUF file. Every count, length and offset is checked against the file
 * before it is used, because llama.cpp trusts them.
 */
@NullMarked
package dev.atrium.registry.artifact.gguf;

import org.jspecify.annotations.NullMarked;
