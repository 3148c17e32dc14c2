package dev.atrium.registry.usage;

import dev.atrium.registry.api.usage.CarbonSum;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.EnergySum;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Energy in the columns that rows of calls, and sums of them, have for it. */
public final class EnergyColumns {
    /** Of a query that adds up hourly sums. */
    public static final String SUMS =
            """
            sum(energy_calls) AS energy_calls,
            sum(energy_measured_calls) AS energy_measured_calls,
            least(9000000000000000000, sum(energy_microjoules)) AS energy_microjoules,
            sum(carbon_calls) AS carbon_calls, sum(carbon_tokens) AS carbon_tokens,
            least(9000000000000000000, sum(carbon_nanograms)) AS carbon_nanograms
            """;

    private EnergyColumns() {}

    static @Nullable Energy call(ResultSet row) throws SQLException {
        String method = row.getString("energy_method");
        return method == null
                ? null
                : new Energy(
                        row.getLong("energy_microjoules"),
                        row.getObject("carbon_nanograms", Long.class),
                        EnergyMethod.valueOf(method));
    }

    public static @Nullable EnergySum sum(ResultSet row) throws SQLException {
        return EnergySum.of(
                row.getLong("energy_calls"),
                row.getLong("energy_measured_calls"),
                row.getLong("energy_microjoules"),
                CarbonSum.of(
                        row.getLong("carbon_calls"),
                        row.getLong("carbon_tokens"),
                        row.getLong("carbon_nanograms")));
    }
}
