package dev.atrium.node.memory;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What models may take of this machine.
 *
 * @param memory memory that models may take; null is 70 % of the machine's or container's
 */
@Validated
@ConfigurationProperties("atrium.node.registration")
record MemoryProperties(@Nullable DataSize memory) {}
