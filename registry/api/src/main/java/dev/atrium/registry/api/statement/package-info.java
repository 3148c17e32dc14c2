/**
 * What a tenant's days came to: closed statements, corrections of them, and how they are proved.
 */
@NullMarked
package dev.atrium.registry.api.statement;

import org.jspecify.annotations.NullMarked;
