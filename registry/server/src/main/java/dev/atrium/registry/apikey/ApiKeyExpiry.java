package dev.atrium.registry.apikey;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.feed.FeedPublisher;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes expired keys out of the feed. Gateways check the time themselves, so this only keeps their
 * memory free of keys that can never be used again; any registry may do it, twice does no harm.
 */
@Component
class ApiKeyExpiry {
    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final FeedPublisher feed;
    private final Clock clock;

    ApiKeyExpiry(
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            FeedPublisher feed,
            Clock clock) {
        this.platform = platform;
        this.transactions = transactions;
        this.feed = feed;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT30S")
    void sweep() {
        transactions.executeWithoutResult(status ->
                expiredAndPublished().forEach(keyId -> feed.remove(FeedKind.API_KEY, keyId)));
    }

    private List<String> expiredAndPublished() {
        return platform.sql(
                        """
                        SELECT k.id FROM api_key k JOIN feed_entry f ON f.kind = 'API_KEY' AND f.id = k.id
                        WHERE f.body IS NOT NULL AND k.expires_at <= ? LIMIT 1000
                        """)
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .query((row, number) -> row.getString("id"))
                .list();
    }
}
