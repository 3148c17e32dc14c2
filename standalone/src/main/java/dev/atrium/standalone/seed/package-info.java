/**
 * The demo data of a standalone installation: two tenants with a developer each and three small
 * models, made through the public interfaces as anybody could. Every step looks first, so a seed
 * that was killed goes on where it was; a finished one is never repeated.
 */
@NullMarked
package dev.atrium.standalone.seed;

import org.jspecify.annotations.NullMarked;
