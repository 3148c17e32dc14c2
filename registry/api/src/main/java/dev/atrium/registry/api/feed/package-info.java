/** The stream of changes from registry to gateways: kinds, bodies and pages. */
@NullMarked
package dev.atrium.registry.api.feed;

import org.jspecify.annotations.NullMarked;
