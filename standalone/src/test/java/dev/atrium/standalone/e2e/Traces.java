package dev.atrium.standalone.e2e;

import dev.atrium.standalone.StandalonePlatform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Where on the running platform's disk and in its database a text is found. */
final class Traces {
    private static final int WINDOW = 1 << 20;

    private final StandalonePlatform platform;

    Traces(StandalonePlatform platform) {
        this.platform = platform;
    }

    /** Tables with a row that holds it, also as bytes. */
    List<String> tablesWith(String text) throws IOException, SQLException {
        String bytes = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        List<String> found = new ArrayList<>();
        try (Connection database = platform.database();
                Statement statement = database.createStatement()) {
            for (String table : tables(statement)) {
                try (ResultSet row =
                        statement.executeQuery(
                                "SELECT FROM %s t WHERE t::text LIKE '%%%s%%' OR t::text LIKE '%%%s%%' LIMIT 1"
                                        .formatted(table, text, bytes))) {
                    if (row.next()) {
                        found.add(table);
                    }
                }
            }
        }
        return found;
    }

    /** Each with its partitions. */
    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows =
                statement.executeQuery(
                        """
                        SELECT c.oid::regclass::text FROM pg_class c
                        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
                          AND c.relnamespace NOT IN ('pg_catalog'::regnamespace,
                                                     'information_schema'::regnamespace)
                        """)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    /** Files of the data folder, the database's own with its log among them. */
    List<Path> filesWith(String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        List<Path> found = new ArrayList<>();
        for (Path file : files()) {
            if (holds(file, wanted)) {
                found.add(file);
            }
        }
        return found;
    }

    List<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(platform.settings().data().path())) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean holds(Path file, byte[] wanted) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer window = ByteBuffer.allocate(WINDOW);
            while (channel.read(window) >= 0) {
                if (holds(window.array(), window.position(), wanted)) {
                    return true;
                }
                if (!window.hasRemaining()) {
                    // The end stays, for it may be the beginning of what is looked for.
                    window.flip().position(WINDOW - wanted.length + 1);
                    window.compact();
                }
            }
            return false;
        } catch (NoSuchFileException gone) {
            // The database renames and removes files of its own.
            return false;
        }
    }

    private static boolean holds(byte[] bytes, int length, byte[] wanted) {
        for (int i = 0; i <= length - wanted.length; i++) {
            int same = 0;
            while (same < wanted.length && bytes[i + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
