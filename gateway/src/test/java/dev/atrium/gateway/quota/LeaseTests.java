package dev.atrium.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTests {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long VALID = 1_000;

    @Test
    void takesAsMuchAsThereIsAndNeverLessThanIsOfUse() {
        Lease lease = lease();
        lease.apply(10, VALID, 0);

        assertThat(lease.take(11, 20, 1)).isZero();
        assertThat(lease.take(1, 7, 1)).isEqualTo(7);
        assertThat(lease.take(4, 7, 1)).isZero();
        assertThat(lease.take(1, 7, 1)).isEqualTo(3);
        assertThat(lease.held()).isEqualTo(10);
    }

    @Test
    void appliesEveryReplyOnceWhateverItsOrder() {
        Lease lease = lease();

        assertThat(lease.apply(30, VALID, 0)).isEqualTo(30);
        assertThat(lease.apply(10, VALID, 0)).isZero();
        assertThat(lease.apply(30, VALID, 0)).isZero();
        assertThat(lease.apply(35, VALID, 0)).isEqualTo(5);
        assertThat(lease.available()).isEqualTo(35);
    }

    @Test
    void isNotUsedAfterItsTime() {
        Lease lease = lease();
        lease.apply(10, VALID, 0);

        assertThat(lease.take(1, 1, VALID - 1)).isEqualTo(1);
        assertThat(lease.take(1, 1, VALID)).isZero();
    }

    @Test
    void givesEverythingBackWhenItHasLapsed() {
        Lease lease = lease();
        lease.apply(10, VALID, 0);
        int generation = lease.generation();
        lease.take(4, 4, 1);

        assertThat(lease.lapseIfOver(VALID)).isTrue();
        assertThat(lease.lapseIfOver(VALID)).isFalse();
        lease.putBack(1, generation);
        lease.apply(12, 3 * VALID, VALID + 1);

        assertThat(lease.returned()).isEqualTo(7);
        assertThat(lease.available()).isEqualTo(2);
    }

    @Test
    void doesNotUseWhatALateReplyGranted() {
        Lease lease = lease();
        lease.apply(10, VALID, 0);
        lease.apply(10, 3 * VALID, 10);

        assertThat(lease.apply(15, VALID, VALID + 1)).isZero();

        assertThat(lease.returned()).isEqualTo(5);
        assertThat(lease.isUsable(VALID + 1)).isTrue();
    }

    @Test
    void staysUsableForAsLongAsTheBestReplyHasSaid() {
        Lease lease = lease();
        lease.apply(10, 3 * VALID, 0);

        lease.apply(12, 2 * VALID, 1);

        assertThat(lease.take(12, 12, 3 * VALID - 1)).isEqualTo(12);
    }

    @Test
    void doesNotUseWhatIsOverInTheMomentItComes() {
        Lease lease = lease();

        assertThat(lease.apply(10, 0, 0)).isZero();
        assertThat(lease.returned()).isEqualTo(10);
    }

    @Test
    void takesBackWhatWasTakenSinceItWasRenewed() {
        Lease lease = lease();
        lease.apply(10, VALID, 0);
        lease.lapseIfOver(VALID);
        lease.apply(15, 3 * VALID, VALID);
        int generation = lease.generation();
        lease.take(5, 5, VALID);

        lease.putBack(3, generation);

        assertThat(lease.available()).isEqualTo(3);
        assertThat(lease.returned()).isEqualTo(10);
    }

    @Test
    void givesBackWhatComesAfterTheWindow() {
        Lease lease = lease();
        lease.apply(10, VALID, 0);
        int generation = lease.generation();
        lease.take(6, 6, 0);
        lease.end();

        lease.putBack(2, generation);
        lease.apply(11, VALID, 1);

        assertThat(lease.take(1, 1, 1)).isZero();
        assertThat(lease.returned()).isEqualTo(7);
        assertThat(lease.held()).isEqualTo(4);
    }

    /** The registry's half: sums only grow, and what it hears twice or late changes nothing. */
    private static final class Ledger {
        private static final long LIMIT = 500;
        private long granted;
        private long returned;
        private long settled;
        private long used;

        long reply(long saidReturned, long want) {
            returned = Math.max(returned, saidReturned);
            long outstanding = granted - returned - settled;
            granted += Math.min(want, Math.max(0, LIMIT - used - outstanding));
            return granted;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void neverReservesMoreThanTheLimitOverLostLateDoubledAndReorderedMessages(long seed) {
        Random random = new Random(seed);
        Ledger ledger = new Ledger();
        Lease lease = lease();
        List<long[]> requests = new ArrayList<>();
        List<long[]> replies = new ArrayList<>();
        List<Long> open = new ArrayList<>();
        for (long now = 0; now < 20_000; now++) {
            switch (random.nextInt(7)) {
                case 0 -> requests.add(new long[] {lease.returned(), random.nextInt(60), now});
                case 1 -> {
                    if (!requests.isEmpty()) {
                        long[] request = pick(requests, random);
                        long amount = ledger.reply(request[0], request[1]);
                        replies.add(new long[] {amount, request[2] + VALID});
                    }
                }
                case 2 -> {
                    if (!replies.isEmpty()) {
                        long[] reply = pick(replies, random);
                        lease.apply(reply[0], reply[1], now);
                    }
                }
                case 3 -> lease.lapseIfOver(now);
                case 4 -> {
                    long taken = lease.take(1, 1 + random.nextInt(30), now);
                    if (taken > 0 && random.nextInt(5) == 0) {
                        lease.putBack(taken, lease.generation());
                    } else if (taken > 0) {
                        open.add(taken);
                    }
                }
                case 5 -> {
                    if (random.nextInt(4) == 0) {
                        lease.giveBack();
                    }
                }
                default -> {
                    if (!open.isEmpty()) {
                        long reserved = open.remove(random.nextInt(open.size()));
                        ledger.settled += reserved;
                        ledger.used += random.nextLong(reserved + 1);
                    }
                }
            }
            long reserved = open.stream().mapToLong(Long::longValue).sum();
            assertThat(ledger.used + reserved).isLessThanOrEqualTo(Ledger.LIMIT);
            assertThat(ledger.returned + ledger.settled).isLessThanOrEqualTo(ledger.granted);
        }
        assertThat(ledger.used).isPositive();
    }

    /** One of the messages: sometimes it stays and comes again, sometimes one is lost. */
    private static long[] pick(List<long[]> messages, Random random) {
        Collections.shuffle(messages, random);
        if (messages.size() > 8 || random.nextInt(10) == 0) {
            messages.removeLast();
        }
        return messages.isEmpty() || random.nextInt(5) > 0
                ? messages.isEmpty() ? new long[] {0, 0, 0} : messages.removeFirst()
                : messages.getFirst();
    }

    private static Lease lease() {
        return new Lease(UUID.randomUUID(), START, VALID);
    }
}
