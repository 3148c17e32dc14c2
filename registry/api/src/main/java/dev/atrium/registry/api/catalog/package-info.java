/** Models, immutable versions, their files, signatures and aliases. */
@NullMarked
package dev.atrium.registry.api.catalog;

import org.jspecify.annotations.NullMarked;
