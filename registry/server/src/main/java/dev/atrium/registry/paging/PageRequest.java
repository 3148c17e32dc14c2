package dev.atrium.registry.paging;

import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;

/**
 * The {@code limit} and {@code cursor} parameters of a list; declare it as a controller's argument.
 *
 * @param limit rows wanted, 1 to 200; null is 50
 * @param cursor of the page before; null for the first
 */
@ParameterObject
public record PageRequest(@Nullable Integer limit, @Nullable String cursor) {}
