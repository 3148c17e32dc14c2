/**
 * The HTTP client of the management API: one class per capability of the registry, each acting with
 * the signed-in user's token and answering the records of registry/api. Turns problem bodies into
 * typed exceptions that carry the registry's words and request id.
 */
@NullMarked
package dev.atrium.portal.registry;

import org.jspecify.annotations.NullMarked;
