package dev.atrium.registry.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps what cannot be posted, and raises the alarm: a line at ERROR and a counter. */
@Component
class Quarantine {
    private static final Logger log = LoggerFactory.getLogger(Quarantine.class);

    /** What JSON can say and PostgreSQL cannot keep; a backslash before it would be escaped. */
    private static final Pattern ZERO = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

    private final JdbcClient platform;
    private final JsonMapper json;
    private final Counter counter;

    Quarantine(
            @Qualifier("platformJdbc") JdbcClient platform, JsonMapper json, MeterRegistry meters) {
        this.platform = platform;
        this.json = json;
        this.counter =
                Counter.builder("atrium.usage.quarantined")
                        .description("Usage that could not be posted and waits for a person")
                        .register(meters);
    }

    /** In the caller's transaction; a record that is here already stays as it came first. */
    void keep(UUID callId, UUID machine, String reason, Object body) {
        int kept =
                platform.sql(
                                """
                                INSERT INTO usage_quarantine (call_id, gateway_id, reason, body)
                                VALUES (?, ?, ?, ?::jsonb) ON CONFLICT DO NOTHING
                                """)
                        .params(callId, machine, reason, text(body))
                        .update();
        if (kept > 0) {
            log.error("usage of call {} from {} is quarantined: {}", callId, machine, reason);
            counter.increment();
        }
    }

    /** Else one broken character would keep its whole batch from ever being taken. */
    private String text(Object body) {
        return ZERO.matcher(json.writeValueAsString(body)).replaceAll("$1\\\\ufffd");
    }
}
