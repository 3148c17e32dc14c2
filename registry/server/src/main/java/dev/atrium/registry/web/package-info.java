/**
 * The registry's two doors: the public port and the internal one, which never answer each other's
 * paths; limits on bodies; and the public addresses that links are made of. Holds no endpoint.
 */
@NullMarked
package dev.atrium.registry.web;

import org.jspecify.annotations.NullMarked;
