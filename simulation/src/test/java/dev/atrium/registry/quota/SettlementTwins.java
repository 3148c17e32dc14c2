package dev.atrium.registry.quota;

import dev.atrium.registry.quota.window.WindowTwins;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The product's settlements on PostgreSQL. */
public final class SettlementTwins {
    private SettlementTwins() {}

    public static Settlements onPostgres(JdbcClient jdbc, Clock clock, MeterRegistry meters) {
        ChargeStore store = new JdbcChargeStore(jdbc);
        return new Settlements(
                store,
                new ChargedWindows(store, WindowTwins.onPostgres(jdbc), clock),
                new QuotaEvents(jdbc, event -> {}),
                meters);
    }

    public static GivenUpLeases givenUpOnPostgres(JdbcClient jdbc) {
        return new GivenUpLeases(jdbc);
    }

    public static LostLeases lostOnPostgres(JdbcClient jdbc, TransactionTemplate transactions) {
        return new LostLeases(
                jdbc, transactions, new JdbcChargeStore(jdbc), givenUpOnPostgres(jdbc));
    }
}
