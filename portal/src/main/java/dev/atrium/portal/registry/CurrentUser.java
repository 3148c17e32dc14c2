package dev.atrium.portal.registry;

import com.vaadin.flow.server.VaadinSession;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.Scope;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/**
 * Who is signed in and in which tenant, remembered in the session for a few seconds so that one
 * page asks the registry once.
 */
@Component
public class CurrentUser {
    private static final Duration FRESH = Duration.ofSeconds(15);

    private final RegistryAccount account;
    private final Clock clock;

    CurrentUser(RegistryAccount account, Clock clock) {
        this.account = account;
        this.clock = clock;
    }

    public Me get() {
        VaadinSession session = VaadinSession.getCurrent();
        Remembered known = session.getAttribute(Remembered.class);
        if (known != null && known.at().plus(FRESH).isAfter(clock.instant())) {
            return known.me();
        }
        Me me = account.me();
        session.setAttribute(Remembered.class, new Remembered(me, clock.instant()));
        return me;
    }

    /** Whether the user's role carries this scope; decides what is offered, never what is done. */
    public boolean may(Scope scope) {
        return get().scopes().contains(scope.wireName());
    }

    /** Asks the registry again next time, because the answer has changed. */
    public void forget() {
        VaadinSession.getCurrent().setAttribute(Remembered.class, null);
    }

    private record Remembered(Me me, Instant at) implements Serializable {}
}
