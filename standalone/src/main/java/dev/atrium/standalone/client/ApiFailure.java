package dev.atrium.standalone.client;

import dev.atrium.registry.api.error.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that was answered with an error. */
public final class ApiFailure extends RuntimeException {
    private final int status;
    private final transient @Nullable Problem problem;

    ApiFailure(String request, int status, String body, @Nullable Problem problem) {
        super(request + " was answered " + status + ": " + body);
        this.status = status;
        this.problem = problem;
    }

    public int status() {
        return status;
    }

    /** The stable code of the problem body, where there was one. */
    public Optional<String> code() {
        return Optional.ofNullable(problem).map(Problem::code);
    }
}
