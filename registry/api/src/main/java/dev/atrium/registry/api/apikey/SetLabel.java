package dev.atrium.registry.api.apikey;

import org.jspecify.annotations.Nullable;

/**
 * Names the cost centre of a key's calls from now on; what was used keeps its label.
 *
 * @param label null for none
 */
public record SetLabel(@Nullable String label) {}
