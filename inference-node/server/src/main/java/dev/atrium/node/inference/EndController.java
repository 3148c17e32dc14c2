package dev.atrium.node.inference;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.usage.AttemptKey;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Ends an attempt that nobody waits for, and says what it used. */
@RestController
class EndController {
    private final Grants grants;
    private final AttemptEnds ends;

    EndController(Grants grants, AttemptEnds ends) {
        this.grants = grants;
        this.ends = ends;
    }

    @PostMapping(NodeProtocol.END)
    Mono<Void> end(ServerHttpRequest request, ServerHttpResponse response) {
        return Mono.defer(() -> lastWord(request))
                .flatMap(end -> Responses.json(response, end))
                .onErrorResume(failure -> Responses.refuse(response, failure));
    }

    private Mono<AttemptEnd> lastWord(ServerHttpRequest request) {
        Grant grant = grants.verify(request.getHeaders().getFirst(NodeProtocol.GRANT_HEADER));
        AttemptKey key = AttemptKey.of(grant);
        AttemptEnds.Course course = ends.find(key).orElse(null);
        if (course == null) {
            if (grants.tryUse(grant) == UsedGrants.Use.FIRST) {
                // Should the call itself come after all, it comes too late.
                return Mono.just(AttemptEnd.NOT_COMPUTED);
            }
            course = ends.find(key).orElseThrow(EndController::unknown);
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
