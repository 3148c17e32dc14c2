package dev.atrium.registry.error;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.ExpressionAuthorizationDecision;

/** {@code WWW-Authenticate} as RFC 6750 wants it. */
final class Challenges {
    private static final Pattern SCOPE = Pattern.compile("SCOPE_([a-z:_]+)");

    private Challenges() {}

    static String unauthenticated(boolean credentialWasGiven) {
        return credentialWasGiven
                ? "Bearer realm=\"atrium\", error=\"invalid_token\""
                : "Bearer realm=\"atrium\"";
    }

    static String insufficientScope(AccessDeniedException denied) {
        String challenge = "Bearer realm=\"atrium\", error=\"insufficient_scope\"";
        return missingScope(denied)
                .map(scope -> challenge + ", scope=\"" + scope + "\"")
                .orElse(challenge);
    }

    static String describe(AccessDeniedException denied) {
        return missingScope(denied)
                .map(scope -> "this needs the scope '" + scope + "', which the credential lacks")
                .orElse("the credential may not do this");
    }

    /** The scope that the refused method's {@code @PreAuthorize} asks for. */
    private static Optional<String> missingScope(AccessDeniedException denied) {
        if (denied instanceof AuthorizationDeniedException authorization
                && authorization.getAuthorizationResult()
                        instanceof ExpressionAuthorizationDecision decision) {
            Matcher matcher = SCOPE.matcher(decision.getExpression().getExpressionString());
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
        return Optional.empty();
    }
}
