package dev.atrium.portal.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.portal.fake.SampleQuotas;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.tenancy.Role;
import org.junit.jupiter.api.Test;

class HomeViewIT extends ViewTest {
    @Test
    void leadsANewTenantThroughTheFirstSteps() {
        navigate(HomeView.class);

        assertThat(text()).contains("Hello, Ada Lovelace", "First steps");
        assertThat(has("do-model")).isTrue();
        assertThat(has("do-key")).isTrue();
        assertThat(has("do-call")).isTrue();
        assertThat(curl()).contains("https://api.example/v1/models");
    }

    @Test
    void ticksOffWhatIsThere() {
        SampleData.fill(state);
        state.usage.clear();

        navigate(HomeView.class);

        assertThat(has("do-model")).isFalse();
        assertThat(has("do-key")).isFalse();
        assertThat(has("do-call")).isTrue();
    }

    @Test
    void showsNumbersAndACallWhenAllIsDone() {
        SampleData.fill(state);

        navigate(HomeView.class);

        assertThat(has("first-steps")).isFalse();
        assertThat(has("usage-chart")).isTrue();
        assertThat(text()).contains("of 4 you can see");
        assertThat(curl())
                .contains("https://api.example/v1/embeddings", "atrium/minilm", "$ATRIUM_API_KEY");
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void offersViewersOnlyWhatTheyMay() {
        SampleData.fill(state);

        navigate(HomeView.class);

        assertThat(has("do-key")).isFalse();
        assertThat(has("tile-keys")).isTrue();
        assertThat(state.requests).noneMatch(request -> request.contains("/api-keys"));
    }

    @Test
    void saysWhichLimitIsClose() {
        state.policies.add(SampleQuotas.tokensPerDay(state, "Tokens a day", 1_000, 930));
        state.policies.add(SampleQuotas.tokensPerDay(state, "Calm", 1_000, 100));

        navigate(HomeView.class);

        assertThat(text()).contains("“Tokens a day” is at 93%.", "See the quotas");
        assertThat(has("close-quotas")).isTrue();
    }

    @Test
    void isSilentAboutLimitsThatAreNotClose() {
        state.policies.add(SampleQuotas.tokensPerDay(state, "Calm", 1_000, 799));

        navigate(HomeView.class);

        assertThat(has("close-quotas")).isFalse();
    }

    @Test
    void saysWhatHappenedWhenTheRegistryHasAProblem() {
        REGISTRY.fail("/models", 500, ErrorCode.INTERNAL_ERROR, "secret insides");

        navigateToFailure("");

        assertThat(text()).contains("The registry could not do that now", "req-4711", "Try again");
        assertThat(text()).doesNotContain("secret insides");
    }

    private String curl() {
        return $(CodeBlock.class).withId("home-curl").single().getText();
    }
}
