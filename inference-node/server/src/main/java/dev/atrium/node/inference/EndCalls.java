package dev.atrium.node.inference;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.usage.AttemptKey;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Ends an attempt that nobody waits for, and says what it used. */
@Component
class EndCalls implements CallHandler {
    private final Grants grants;
    private final AttemptEnds ends;

    EndCalls(Grants grants, AttemptEnds ends) {
        this.grants = grants;
        this.ends = ends;
    }

    @Override
    public Mono<Void> answer(NodeExchange exchange) {
        return lastWord(grants.verify(exchange.grant()))
                .flatMap(end -> Responses.json(exchange.response(), end));
    }

    private Mono<AttemptEnd> lastWord(Grant grant) {
        AttemptKey key = AttemptKey.of(grant);
        AttemptEnds.Course course = ends.find(key).orElse(null);
        if (course == null) {
            if (grants.tryUse(grant) == UsedGrants.Use.FIRST) {
                // Should the call itself come after all, it comes too late.
                return Mono.just(AttemptEnd.NOT_COMPUTED);
            }
            course = ends.find(key).orElseThrow(EndCalls::unknown);
        }
        course.cancel();
        // Who stops listening must not end it for the others.
        return Mono.fromFuture(course.ended(), true);
    }

    private static EngineException unknown() {
        return new EngineException(
                NodeError.UNKNOWN_ATTEMPT, "nothing is known of this attempt any more", null);
    }
}
