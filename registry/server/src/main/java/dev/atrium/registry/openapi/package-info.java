/**
 * The management API's own description at {@code /api/v1/openapi}, made from the controllers that
 * serve it: what each operation takes, answers and needs.
 */
@NullMarked
package dev.atrium.registry.openapi;

import org.jspecify.annotations.NullMarked;
