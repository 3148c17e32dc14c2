/** Real small servers in place of the gateway's neighbours, and a gateway run between them. */
@NullMarked
package dev.atrium.gateway.testing;

import org.jspecify.annotations.NullMarked;
