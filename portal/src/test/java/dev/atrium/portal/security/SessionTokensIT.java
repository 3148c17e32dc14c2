package dev.atrium.portal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vaadin.flow.server.VaadinSession;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.registry.BearerTokens;
import dev.atrium.portal.registry.SignInRequiredException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class SessionTokensIT extends ViewTest {
    @Autowired private BearerTokens tokens;
    @Autowired private TestSession testSession;

    @Test
    void keepsATokenThatIsStillGood() {
        assertThat(tokens.current()).isEqualTo("test-token");
    }

    @Test
    void renewsATokenShortlyBeforeItsEnd() {
        hold(Instant.now().plusSeconds(20));

        String fresh = tokens.current();

        assertThat(fresh).startsWith("fake-");
        assertThat(tokens.current()).isEqualTo(fresh);
    }

    @Test
    void asksToSignInWhenTheRegistryDoesNotRenew() {
        REGISTRY.refuseRefresh(true);

        assertThatThrownBy(tokens::renewed).isInstanceOf(SignInRequiredException.class);
    }

    @Test
    void asksToSignInWithoutASession() {
        VaadinSession session = VaadinSession.getCurrent();
        session.getSession().removeAttribute(TokenHolder.ATTRIBUTE);

        assertThatThrownBy(tokens::current).isInstanceOf(SignInRequiredException.class);
    }

    private void hold(Instant expiresAt) {
        VaadinSession.getCurrent()
                .getSession()
                .setAttribute(TokenHolder.ATTRIBUTE, testSession.holder(expiresAt));
    }
}
