package dev.atrium.registry.usage;

import dev.atrium.registry.api.usage.Media;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Pictures and sound in the columns that rows of calls, and sums of them, have for them. */
public final class MediaColumns {
    private static final String SUM =
            "least(9000000000000000000, coalesce(sum(%1$s.%2$s), 0))::bigint AS %2$s";

    private MediaColumns() {}

    /** Of a query that adds up rows of this table. */
    public static String sums(String table) {
        return SUM.formatted(table, "images") + ", " + SUM.formatted(table, "audio_millis");
    }

    public static @Nullable Media of(ResultSet row) throws SQLException {
        return Media.of(row.getLong("images"), row.getLong("audio_millis"));
    }
}
