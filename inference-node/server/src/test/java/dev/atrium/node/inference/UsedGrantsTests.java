package dev.atrium.node.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.inference.UsedGrants.Use;
import dev.atrium.node.usage.AttemptKey;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The memory of used grants. */
class UsedGrantsTests {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private final UsedGrants used = new UsedGrants(2);
    private final AttemptKey first = new AttemptKey(UUID.randomUUID(), 1);

    @Test
    void remembersAnAttemptAsLongAsItsGrantCouldBeValid() {
        Use once = used.use(first, NOW, NOW.plusSeconds(60));
        Use again = used.use(first, NOW.plusSeconds(60), NOW.plusSeconds(120));
        Use later = used.use(first, NOW.plusSeconds(61), NOW.plusSeconds(121));

        assertThat(once).isEqualTo(Use.FIRST);
        assertThat(again).isEqualTo(Use.REPEATED);
        assertThat(later).isEqualTo(Use.FIRST);
    }

    @Test
    void tellsAttemptsOfOneCallApart() {
        used.use(first, NOW, NOW.plusSeconds(60));

        Use second = used.use(new AttemptKey(first.callId(), 2), NOW, NOW.plusSeconds(60));

        assertThat(second).isEqualTo(Use.FIRST);
    }

    @Test
    void takesNoMoreThanItCanRemember() {
        used.use(first, NOW, NOW.plusSeconds(60));
        used.use(new AttemptKey(UUID.randomUUID(), 1), NOW, NOW.plusSeconds(60));

        Use third = used.use(new AttemptKey(UUID.randomUUID(), 1), NOW, NOW.plusSeconds(60));

        assertThat(third).isEqualTo(Use.FULL);
    }
}
