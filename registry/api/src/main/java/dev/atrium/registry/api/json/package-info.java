/**
 * JSON for the few records that are written for every call. Binding a record by its annotations
 * costs several microseconds, a tenth of what a gateway spends on a call; putting the same members
 * one after the other costs a fraction. Everything else, and all reading, is Jackson's.
 */
@NullMarked
package dev.atrium.registry.api.json;

import org.jspecify.annotations.NullMarked;
