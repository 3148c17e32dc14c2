package dev.atrium.registry.database;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where PostgreSQL is and how many connections the registry holds. The owner's password belongs to
 * {@code spring.flyway}.
 *
 * @param url JDBC address of the database
 * @param appPassword of the role {@code atrium_app}
 * @param platformPassword of the role {@code atrium_platform}
 * @param appConnections most connections of the tenants' pool
 * @param platformConnections most connections of the platform's pool
 * @param connectTimeout longest wait for a free connection before the answer is 503
 */
@ConfigurationProperties("atrium.registry.database")
record DatabaseProperties(
        String url,
        String appPassword,
        String platformPassword,
        @DefaultValue("16") int appConnections,
        @DefaultValue("12") int platformConnections,
        @DefaultValue("10s") Duration connectTimeout) {}
