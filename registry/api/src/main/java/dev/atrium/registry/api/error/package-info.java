/** RFC 9457 problem bodies of the management API and their stable codes. */
@NullMarked
package dev.atrium.registry.api.error;

import org.jspecify.annotations.NullMarked;
