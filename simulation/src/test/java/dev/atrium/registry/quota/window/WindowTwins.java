package dev.atrium.registry.quota.window;

import org.springframework.jdbc.core.simple.JdbcClient;

/** The product's windows on PostgreSQL. */
public final class WindowTwins {
    private WindowTwins() {}

    public static Windows onPostgres(JdbcClient jdbc) {
        return new Windows(new JdbcWindowStore(jdbc));
    }
}
