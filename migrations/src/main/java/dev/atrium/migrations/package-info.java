/**
 * The schema of the registry's database as Flyway migrations ({@code db/migration}), the roles it
 * expects, and an embedded PostgreSQL to run it on where there is no server. Owns no data.
 */
@NullMarked
package dev.atrium.migrations;

import org.jspecify.annotations.NullMarked;
