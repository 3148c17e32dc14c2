/**
 * Uploading a version: choosing the files, streaming them through to the registry without holding
 * them, and saying what the inspection found.
 */
@NullMarked
package dev.atrium.portal.upload;

import org.jspecify.annotations.NullMarked;
