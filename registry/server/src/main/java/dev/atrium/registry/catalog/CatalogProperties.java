package dev.atrium.registry.catalog;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Care of the catalog.
 *
 * @param abandonedAfter age at which a version that still waits for its upload is rejected and its
 *     files are removed
 */
@ConfigurationProperties("atrium.registry.catalog")
record CatalogProperties(@DefaultValue("24h") Duration abandonedAfter) {
    CatalogProperties {
        if (abandonedAfter.isNegative() || abandonedAfter.isZero()) {
            throw new IllegalArgumentException(
                    "atrium.registry.catalog.abandoned-after must be longer than nothing");
        }
    }
}
