/**
 * The demo: a story that a newcomer can watch, each step of which fails loudly when the platform
 * does not keep a promise. Uses the public interfaces and what the launcher knows of its processes;
 * makes what it needs under fresh names and takes it away again.
 */
@NullMarked
package dev.atrium.standalone.demo;

import org.jspecify.annotations.NullMarked;
