/**
 * Pictures as input of a model: JPEG and PNG decoded within bounds that are checked before a pixel
 * is, then resized, cut and normalised as the version's settings say. Ancillary parts of a file
 * (profiles, comments, thumbnails) never reach a decoder.
 */
@NullMarked
package dev.atrium.node.engine.image;

import org.jspecify.annotations.NullMarked;
