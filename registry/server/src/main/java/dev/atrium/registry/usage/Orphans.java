package dev.atrium.registry.usage;

import dev.atrium.registry.api.usage.OpenCall;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Calls that a killed gateway left open, kept until something is known of them. */
@Component
class Orphans {
    private final JdbcClient platform;
    private final JsonMapper json;

    Orphans(@Qualifier("platformJdbc") JdbcClient platform, JsonMapper json) {
        this.platform = platform;
        this.json = json;
    }

    /** In the caller's transaction, in one order; known ones stay as they are. */
    void open(UUID gateway, List<OpenCall> calls) {
        calls.stream()
                .sorted(Comparator.comparing(OpenCall::callId))
                .forEach(call ->
                        platform.sql(
                                        """
                                        INSERT INTO usage_orphan (call_id, gateway_id, body, opened_at)
                                        VALUES (?, ?, ?::jsonb, ?) ON CONFLICT DO NOTHING
                                        """)
                                .params(
                                        call.callId(),
                                        gateway,
                                        json.writeValueAsString(call),
                                        call.openedAt().atOffset(ZoneOffset.UTC))
                                .update());
    }
}
