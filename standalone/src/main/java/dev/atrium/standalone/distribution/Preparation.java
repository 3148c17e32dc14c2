package dev.atrium.standalone.distribution;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.migrations.LocalPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The build's last step: unpacks what was built and trains a start-up cache per service.
 *
 * <p>A training run starts the service until its context stands, without listening anywhere. The
 * registry wants a database for that, so a throw-away PostgreSQL runs meanwhile. A service whose
 * training fails starts without a cache, only slower.
 *
 * @param say where a line of progress goes
 */
public record Preparation(Distribution distribution, Consumer<String> say) {
    private static final Duration TRAINING_LIMIT = Duration.ofMinutes(5);
    private static final String TRAINING_PASSWORD = "training";

    /** Whether start-up caches are wanted, which cost about ten seconds each. */
    public enum Caches {
        TRAINED,
        NONE
    }

    public void prepare(Caches caches) throws IOException {
        Files.createDirectories(distribution.folder());
        for (ServiceName service : ServiceName.values()) {
            unpack(service);
        }
        if (caches == Caches.TRAINED) {
            train();
        }
    }

    /** Does nothing when the unpacked jar is the built one. */
    private void unpack(ServiceName service) throws IOException {
        Path built = distribution.built(service);
        String stamp = Files.getLastModifiedTime(built).toMillis() + " " + Files.size(built);
        Path folder = distribution.folder(service);
        Path stampFile = folder.resolve("built.txt");
        if (Files.exists(stampFile) && Files.readString(stampFile).equals(stamp)) {
            return;
        }
        delete(folder);
        run(
                List.of(
                        Distribution.java().toString(),
                        "-Djarmode=tools",
                        "-jar",
                        built.toString(),
                        "extract",
                        "--destination",
                        folder.toString()),
                Map.of(),
                folder.resolveSibling(service.title() + "-unpack.log"));
        Files.move(folder.resolve(built.getFileName()), distribution.jar(service));
        Files.writeString(stampFile, stamp);
    }

    private void train() throws IOException {
        List<ServiceName> wanting =
                Stream.of(ServiceName.values())
                        .filter(service -> !Files.exists(distribution.cache(service)))
                        .toList();
        if (wanting.isEmpty()) {
            return;
        }
        makePrivate(distribution.postgres());
        Path work = Files.createTempDirectory(distribution.folder(), "training");
        try (LocalPostgres postgres = LocalPostgres.at(site(work))) {
            DatabaseRoles roles =
                    new DatabaseRoles(TRAINING_PASSWORD, TRAINING_PASSWORD, TRAINING_PASSWORD);
            try (Connection superuser = postgres.superuser()) {
                roles.ensure(superuser);
            }
            for (ServiceName service : wanting) {
                train(service, work, postgres);
            }
        } catch (SQLException e) {
            throw new IOException("the database for the training did not come up", e);
        } finally {
            delete(work);
        }
    }

    private void train(ServiceName service, Path work, LocalPostgres postgres) throws IOException {
        long begin = System.nanoTime();
        Path folder = Files.createDirectories(work.resolve(service.title()));
        Map<String, String> environment = new HashMap<>(trainingEnvironment(folder, postgres));
        Path log = distribution.folder().resolve(service.title() + "-training.log");
        List<String> options =
                List.of(
                        "-XX:AOTCacheOutput=" + distribution.cache(service),
                        "-Dspring.context.exit=onRefresh");
        try {
            run(distribution.command(service, options, Map.of()), environment, log);
            say.accept(
                    "  start-up cache of %-15s %5.1f s".formatted(service.title(), since(begin)));
        } catch (IOException failed) {
            Files.deleteIfExists(distribution.cache(service));
            say.accept(
                    "  start-up cache of "
                            + service.title()
                            + " could not be made, it will start slower ("
                            + log
                            + ")");
        }
    }

    private static Map<String, String> trainingEnvironment(Path folder, LocalPostgres postgres) {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        return Map.ofEntries(
                Map.entry("ATRIUM_DB_URL", postgres.jdbcUrl(DatabaseRoles.DATABASE)),
                Map.entry("ATRIUM_DB_OWNER_PASSWORD", TRAINING_PASSWORD),
                Map.entry("ATRIUM_DB_APP_PASSWORD", TRAINING_PASSWORD),
                Map.entry("ATRIUM_DB_PLATFORM_PASSWORD", TRAINING_PASSWORD),
                Map.entry("ATRIUM_MASTER_KEY", key),
                Map.entry("ATRIUM_ADMIN_PASSWORD", "training-password-1"),
                Map.entry("ATRIUM_PORTAL_CLIENT_SECRET", TRAINING_PASSWORD),
                Map.entry("ATRIUM_OPERATOR_CLIENT_SECRET", TRAINING_PASSWORD),
                Map.entry("ATRIUM_STORE_DIR", folder.resolve("store").toString()),
                Map.entry("ATRIUM_GATEWAY_DATA", folder.toString()),
                Map.entry("ATRIUM_NODE_DATA", folder.toString()),
                Map.entry("ATRIUM_GATEWAY_JOIN_TOKEN", TRAINING_PASSWORD),
                Map.entry("ATRIUM_NODE_JOIN_TOKEN", TRAINING_PASSWORD));
    }

    private LocalPostgres.Site site(Path work) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return new LocalPostgres.Site(
                    work.resolve("postgres"),
                    distribution.postgres(),
                    free.getLocalPort(),
                    TRAINING_PASSWORD);
        }
    }

    /** Programs that we run must not be replaceable by other users of the machine. */
    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    private static void run(List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ATRIUM_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(TRAINING_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("took longer than " + TRAINING_LIMIT + ", see " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException("ended with " + process.exitValue() + ", see " + log);
        }
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> contents;
        try (Stream<Path> tree = Files.walk(folder)) {
            contents = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : contents) {
            Files.deleteIfExists(path);
        }
    }
}
