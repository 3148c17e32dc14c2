/**
 * The registry's three ways into PostgreSQL: JPA and a {@code JdbcClient} as {@code atrium_app},
 * which sees the rows of {@link dev.atrium.registry.database.TenantScope}'s tenant only; a second
 * pool as {@code atrium_platform} for what belongs to no tenant; Flyway as {@code atrium_owner}.
 * Knows nothing of any table, but how tables that are cut by days get and lose them.
 */
@NullMarked
package dev.atrium.registry.database;

import org.jspecify.annotations.NullMarked;
