/**
 * Bytes of models: receives them in a stream, keeps them by tenant and digest in a folder, and
 * looks at them within hard bounds before anything native does. Owns the store's folder and the
 * rules of what a file may be; knows nothing of models, versions or who may upload.
 */
@NullMarked
package dev.atrium.registry.artifact;

import org.jspecify.annotations.NullMarked;
