/** Models, their versions, aliases and deployments. */
@NullMarked
package dev.atrium.portal.catalog;

import org.jspecify.annotations.NullMarked;
