package dev.atrium.simulation;

import java.util.List;
import java.util.function.Consumer;

/**
 * Between machines: messages come late, twice, in another order or never. A question is asked of
 * the next registry when the first one does not answer, as the gateway's client does it.
 */
final class Network {
    /** What a registry does with a question: it answers, fails, or dies over it. */
    interface Handler<T> {
        void handle(SimulatedRegistry registry, Consumer<T> answer, Runnable fail);
    }

    private static final long TIMEOUT = 5 * Timeline.SECOND;

    private final Timeline time;
    private final List<SimulatedRegistry> registries;
    private double lost;
    private double doubled;
    private long slowest = 20 * Timeline.MILLI;

    Network(Timeline time, List<SimulatedRegistry> registries) {
        this.time = time;
        this.registries = registries;
    }

    void behave(double newLost, double newDoubled, long newSlowest) {
        lost = newLost;
        doubled = newDoubled;
        slowest = newSlowest;
    }

    long delay() {
        return time.delay(Timeline.MILLI / 5, slowest);
    }

    /** One way; arrives never, once or twice. */
    void send(Timeline.Life receiver, String what, Runnable arrival) {
        if (time.chance(lost)) {
            return;
        }
        time.after(delay(), receiver, what, arrival);
        if (time.chance(doubled)) {
            time.after(delay(), receiver, what, arrival);
        }
    }

    /**
     * @param asker the life that waits; an answer that comes after it is nobody's
     * @param cut whether the asker reaches no registry at present
     */
    <T> void ask(
            Timeline.Life asker,
            Cut cut,
            String what,
            Handler<T> handler,
            Consumer<T> answered,
            Runnable failed) {
        ask(asker, cut, what, handler, answered, failed, (int) time.between(0, 1), 2);
    }

    /** Whether somebody is cut off. */
    interface Cut {
        boolean isCut();
    }

    private <T> void ask(
            Timeline.Life asker,
            Cut cut,
            String what,
            Handler<T> handler,
            Consumer<T> answered,
            Runnable failed,
            int which,
            int tries) {
        boolean[] over = new boolean[1];
        SimulatedRegistry registry = registries.get(which % registries.size());
        Runnable giveUp =
                () -> {
                    if (!over[0]) {
                        over[0] = true;
                        if (tries == 1) {
                            failed.run();
                        } else {
                            ask(asker, cut, what, handler, answered, failed, which + 1, tries - 1);
                        }
                    }
                };
        time.after(TIMEOUT, asker, "timeout", () -> giveUp.run());
        Runnable refuse = () -> time.after(delay(), asker, "refused", giveUp);
        if (cut.isCut()) {
            return;
        }
        if (registry.life().isOver()) {
            refuse.run();
            return;
        }
        send(
                registry.life(),
                what,
                () ->
                        handler.handle(
                                registry,
                                answer -> {
                                    if (!cut.isCut()) {
                                        send(
                                                asker,
                                                "answer",
                                                () -> {
                                                    if (!over[0]) {
                                                        over[0] = true;
                                                        answered.accept(answer);
                                                    }
                                                });
                                    }
                                },
                                refuse));
    }
}
