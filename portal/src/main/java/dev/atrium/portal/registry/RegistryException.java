package dev.atrium.portal.registry;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.error.Problem;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The registry refused; carries its problem body, whose detail is written for people. */
public class RegistryException extends RuntimeException {
    private final Problem problem;

    public RegistryException(Problem problem) {
        super(
                "registry answered "
                        + problem.status()
                        + " "
                        + problem.code()
                        + ", request "
                        + problem.requestId());
        this.problem = problem;
    }

    public int status() {
        return problem.status();
    }

    public boolean is(ErrorCode code) {
        return code.wireName().equals(problem.code());
    }

    /** What was wrong and what to do, in the registry's words; null when it did not say. */
    public @Nullable String detail() {
        return problem.detail() != null ? problem.detail() : problem.title();
    }

    public String requestId() {
        return Objects.requireNonNullElse(problem.requestId(), "-");
    }
}
