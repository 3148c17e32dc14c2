package dev.atrium.registry.artifact;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where model files lie and how much of them is taken.
 *
 * @param storeDir the folder of the store; registries on one database share it
 * @param maxFileBytes longest file that is accepted
 * @param inspectionTime longest look at the files of one version
 * @param concurrentInspections most versions that are looked at at the same time
 */
@ConfigurationProperties("atrium.registry.artifact")
record ArtifactProperties(
        @DefaultValue("./store") Path storeDir,
        @DefaultValue("2GB") DataSize maxFileBytes,
        @DefaultValue("60s") Duration inspectionTime,
        @DefaultValue("2") int concurrentInspections) {}
