/** Trying a model: embeddings, chat and tensors, through the gateway as the signed-in user. */
@NullMarked
package dev.atrium.portal.playground;

import org.jspecify.annotations.NullMarked;
