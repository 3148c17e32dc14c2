package dev.atrium.gateway.web;

import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A request that is served to its end whether or not its client waits for that. From when the
 * client leaves nothing is written: a whole answer counts as given, one that passes through is cut
 * off.
 */
final class Unattended {
    private final Runnable whenLeft;
    private final Sinks.Empty<Void> leaving = Sinks.empty();
    private volatile boolean hasLeft;

    /**
     * @param whenLeft run once, should the client leave
     */
    Unattended(Runnable whenLeft) {
        this.whenLeft = whenLeft;
    }

    void leave() {
        hasLeft = true;
        whenLeft.run();
        leaving.tryEmitEmpty();
    }

    boolean hasLeft() {
        return hasLeft;
    }

    /** Whatever goes wrong while it is written is the client's loss alone. */
    Mono<Void> whole(Supplier<Mono<Void>> write) {
        return hasLeft
                ? Mono.empty()
                : Mono.firstWithSignal(leaving.asMono(), write.get().onErrorComplete());
    }

    Mono<Void> passing(Supplier<Mono<Void>> write) {
        Mono<Void> gone = Mono.error(ClientGoneException::new);
        return hasLeft ? gone : Mono.firstWithSignal(leaving.asMono().then(gone), write.get());
    }
}
