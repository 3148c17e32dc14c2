package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.stereotype.Service;

/**
 * Answers a gateway's wishes: first all at once, then, where others hold what one needs, by waiting
 * a moment for what they give back. No connection is held while waiting.
 */
@Service
class LeaseService {
    private static final int MAX_WISHES = 500;

    /** The question is put again while a request waits: calls end, and then there is more. */
    private static final int ROUNDS = 4;

    private final LeaseDesk desk;
    private final OwnRates ownRates;
    private final FormerLives formerLives;
    private final RecallLog recalls;
    private final FreedWindows freed;
    private final LeaseProperties properties;
    private final Clock clock;

    LeaseService(
            LeaseDesk desk,
            OwnRates ownRates,
            FormerLives formerLives,
            RecallLog recalls,
            FreedWindows freed,
            LeaseProperties properties,
            Clock clock) {
        this.desk = desk;
        this.ownRates = ownRates;
        this.formerLives = formerLives;
        this.recalls = recalls;
        this.freed = freed;
        this.properties = properties;
        this.clock = clock;
    }

    LeaseReply answer(UUID gateway, LeaseRequest request) throws InterruptedException {
        requireSensible(request);
        Holder holder = new Holder(gateway, request.incarnation());
        formerLives.note(holder);
        if (request.formerLivesShipped()) {
            formerLives.release(holder);
        }
        List<LeaseWish> wishes = request.wishes();
        SortedMap<Integer, LeaseDesk.Answered> answers = new TreeMap<>();
        for (int place : inOrderOfWindows(wishes)) {
            answer(holder, wishes.get(place)).ifPresent(it -> answers.put(place, it));
        }
        long deadline = System.nanoTime() + properties.recallWait().toNanos();
        for (Map.Entry<Integer, LeaseDesk.Answered> first : List.copyOf(answers.entrySet())) {
            int place = first.getKey();
            Optional<LeaseDesk.Answered> last =
                    awaitReturns(holder, wishes.get(place), first.getValue(), deadline);
            last.ifPresentOrElse(it -> answers.put(place, it), () -> answers.remove(place));
        }
        return new LeaseReply(
                clock.instant(), answers.values().stream().map(LeaseDesk.Answered::state).toList());
    }

    private Optional<LeaseDesk.Answered> answer(Holder holder, LeaseWish wish) {
        return wish.ownRate() == null
                ? desk.answer(holder, wish)
                : ownRates.answer(holder, wish, wish.ownRate());
    }

    /** The last answer; empty when the policy has gone meanwhile. */
    private Optional<LeaseDesk.Answered> awaitReturns(
            Holder holder, LeaseWish wish, LeaseDesk.Answered first, long deadline)
            throws InterruptedException {
        Duration round = properties.recallWait().dividedBy(ROUNDS);
        Optional<LeaseDesk.Answered> last = Optional.of(first);
        while (last.isPresent() && last.get().awaited() > 0) {
            LeaseDesk.Answered answer = last.get();
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return last;
            }
            recalls.ask(answer.window(), holder.gateway(), round);
            freed.await(
                    answer.window(),
                    answer.state().limit(),
                    answer.awaited(),
                    Duration.ofNanos(Math.min(left, round.toNanos())));
            last = answer(holder, wish);
        }
        return last;
    }

    private static List<Integer> inOrderOfWindows(List<LeaseWish> wishes) {
        return IntStream.range(0, wishes.size())
                .boxed()
                .sorted(Comparator.comparing(place -> wishes.get(place).policyId().value()))
                .toList();
    }

    private static void requireSensible(LeaseRequest request) {
        if (request.wishes().size() > MAX_WISHES) {
            throw new InvalidRequestException("a request has at most " + MAX_WISHES + " wishes");
        }
        for (LeaseWish wish : request.wishes()) {
            if (Objects.isNull(wish.policyId())) {
                throw new InvalidRequestException("a wish has no 'policyId'");
            }
            if (wish.ownRate() != null) {
                OwnRates.requireSensible(wish.ownRate());
            }
            if (wish.atLeast() < 0
                    || wish.want() < wish.atLeast()
                    || wish.returned() < 0
                    || wish.refused() < 0) {
                throw new InvalidRequestException(
                        "a wish for "
                                + wish.policyId()
                                + " has a negative member, or 'want' is less than 'atLeast'");
            }
        }
    }
}
