/** Who changed what, when. */
@NullMarked
package dev.atrium.registry.api.audit;

import org.jspecify.annotations.NullMarked;
