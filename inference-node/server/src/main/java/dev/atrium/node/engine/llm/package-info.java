/**
 * Text generation by llama.cpp on GGUF files. The library aborts the process on some arguments,
 * says neither why a generation ended nor what it used, and ignores what it does not understand; so
 * arguments are checked here before, stop texts are found here, and tokens are counted here.
 */
@NullMarked
package dev.atrium.node.engine.llm;

import org.jspecify.annotations.NullMarked;
