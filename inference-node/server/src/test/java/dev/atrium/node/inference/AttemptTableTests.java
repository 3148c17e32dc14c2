package dev.atrium.node.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.usage.AttemptKey;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AttemptTableTests {
    @Test
    void knowsExactlyWhatWasAdded() {
        Random random = new Random(1);
        AttemptTable table = new AttemptTable(0);
        Set<AttemptKey> added = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            // Few enough ids that calls have several attempts and numbers are close together.
            AttemptKey key =
                    new AttemptKey(
                            new UUID(1 + random.nextInt(300), random.nextInt(300)),
                            1 + random.nextInt(3));
            assertThat(table.contains(key)).isEqualTo(added.contains(key));
            if (added.add(key)) {
                table.add(key);
            }
        }

        assertThat(table.size()).isEqualTo(added.size());
        assertThat(added).allMatch(table::contains);
    }

    @Test
    void hasRoomForMoreThanWasExpected() {
        AttemptTable table = new AttemptTable(10);
        for (int i = 0; i < 10_000; i++) {
            table.add(new AttemptKey(new UUID(0, i), 1));
        }

        assertThat(table.size()).isEqualTo(10_000);
        assertThat(table.contains(new AttemptKey(new UUID(0, 9_999), 1))).isTrue();
        assertThat(table.contains(new AttemptKey(new UUID(0, 9_999), 2))).isFalse();
    }
}
