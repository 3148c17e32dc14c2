package dev.atrium.portal.shell;

import com.vaadin.flow.i18n.I18NProvider;
import com.vaadin.flow.router.NotFoundException;
import dev.atrium.portal.registry.RegistryException;
import dev.atrium.portal.registry.RegistryUnreachableException;
import dev.atrium.portal.registry.SignInRequiredException;
import dev.atrium.registry.api.error.ErrorCode;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exception in words for a person. Only what the registry says is shown; anything unexpected is
 * an internal error whose request id names the one log line with its cause.
 */
record Failure(Kind kind, String title, String detail, String requestId) {
    private static final Logger log = LoggerFactory.getLogger(Failure.class);

    /** What the person can do about it. */
    enum Kind {
        SIGN_IN,
        CHANGE_PASSWORD,
        NOT_FOUND,
        RETRY,
        REFUSED,
        INTERNAL
    }

    static Failure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SignInRequiredException e -> {
                    log.info("A session ended: {}", e.getMessage());
                    return known(Kind.SIGN_IN, "error.session", "");
                }
                case RegistryUnreachableException e -> {
                    log.warn("Registry unreachable, request {}", e.requestId(), e.getCause());
                    return known(Kind.RETRY, "error.unreachable", e.requestId());
                }
                case RegistryException e -> {
                    return refused(e);
                }
                case NotFoundException e -> {
                    return known(Kind.NOT_FOUND, "error.notfound", "");
                }
                default -> {}
            }
        }
        String requestId = UUID.randomUUID().toString();
        log.error("Unexpected failure, request {}", requestId, thrown);
        return known(Kind.INTERNAL, "error.internal", requestId);
    }

    private static Failure refused(RegistryException e) {
        log.info("{}", e.getMessage());
        if (e.is(ErrorCode.PASSWORD_CHANGE_REQUIRED)) {
            return known(Kind.CHANGE_PASSWORD, "error.password", e.requestId());
        }
        if (e.status() >= 500) {
            return known(Kind.RETRY, "error.unavailable", e.requestId());
        }
        Kind kind = e.is(ErrorCode.NOT_FOUND) ? Kind.NOT_FOUND : Kind.REFUSED;
        String key = kind == Kind.NOT_FOUND ? "error.notfound" : "error.refused";
        return new Failure(
                kind,
                text(key + ".title"),
                Objects.requireNonNullElse(e.detail(), text(key + ".text")),
                e.requestId());
    }

    private static Failure known(Kind kind, String key, String requestId) {
        return new Failure(kind, text(key + ".title"), text(key + ".text"), requestId);
    }

    private static String text(String key) {
        return I18NProvider.translate(key);
    }
}
