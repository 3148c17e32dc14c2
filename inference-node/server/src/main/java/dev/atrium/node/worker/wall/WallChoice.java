package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Which wall stands here, found by trying, best first.
 *
 * @param faults why each better one does not
 */
record WallChoice(Wall wall, Map<WallLevel, String> faults) {
    private static final String PROGRAM = "bwrap";

    WallChoice {
        faults = Map.copyOf(faults);
    }

    /**
     * @throws WallMissingException when what is asked for does not work
     */
    static WallChoice make(WallProperties properties) {
        Map<WallLevel, String> faults = new LinkedHashMap<>();
        Path home = Path.of(System.getProperty("java.home"));
        Path java = home.resolve("bin/java");
        String classPath = ProgramFiles.classPath();
        List<Path> files = ProgramFiles.own(home, classPath);
        Trial trial = new Trial(java, classPath);
        for (WallLevel level : candidates(properties)) {
            Optional<Wall> wall = build(level, java, classPath, files, properties);
            if (level == WallLevel.NONE && wall.isPresent()) {
                return require(new WallChoice(wall.get(), faults), properties);
            }
            Optional<String> fault =
                    wall.isEmpty() ? Optional.of(absence(level)) : trial.fault(wall.get());
            if (fault.isEmpty()) {
                return require(new WallChoice(wall.orElseThrow(), faults), properties);
            }
            faults.put(level, fault.get());
        }
        throw new WallMissingException(
                properties.kind().level().orElse(properties.minimum()), faults);
    }

    private static List<WallLevel> candidates(WallProperties properties) {
        return properties
                .kind()
                .level()
                .map(List::of)
                .orElse(List.of(WallLevel.BUBBLEWRAP, WallLevel.LANDLOCK, WallLevel.NONE));
    }

    private static WallChoice require(WallChoice choice, WallProperties properties) {
        if (choice.wall().level().compareTo(properties.minimum()) < 0) {
            throw new WallMissingException(properties.minimum(), choice.faults());
        }
        return choice;
    }

    private static Optional<Wall> build(
            WallLevel level,
            Path java,
            String classPath,
            List<Path> files,
            WallProperties properties) {
        Optional<Processor> processor = Processor.here();
        return switch (level) {
            case NONE -> Optional.of(new NoWall());
            case LANDLOCK -> processor.map(_ -> new LandlockWall(java, classPath, files));
            case BUBBLEWRAP ->
                    processor.flatMap(known ->
                            program()
                                    .map(bwrap ->
                                            new BubblewrapWall(
                                                    bwrap,
                                                    files,
                                                    SystemCallFilter.forWorker(
                                                            known, OptionalLong.empty()),
                                                    properties.scratch().toBytes())));
        };
    }

    private static Optional<Path> program() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String absence(WallLevel level) {
        return Processor.here().isEmpty()
                ? "not on this system or processor"
                : level == WallLevel.BUBBLEWRAP ? "bwrap is not installed" : "cannot be built";
    }
}
