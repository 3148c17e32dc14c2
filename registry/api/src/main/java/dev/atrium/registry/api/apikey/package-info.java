/** API keys as people manage them: the secret appears once, in the answer to the creation. */
@NullMarked
package dev.atrium.registry.api.apikey;

import org.jspecify.annotations.NullMarked;
