package dev.atrium.portal.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.tenancy.Role;
import org.junit.jupiter.api.Test;

class ApiKeysViewIT extends ViewTest {
    @Test
    void saysWhatToDoWhenThereAreNoKeys() {
        navigate(ApiKeysView.class);

        assertThat(text()).contains("No API keys yet");
        assertThat(has("create-first-key")).isTrue();
    }

    @Test
    void listsKeysWithTheirState() {
        SampleData.fill(state);

        navigate(ApiKeysView.class);

        assertThat(rows("api-keys")).isEqualTo(4);
        assertThat(text()).contains("billing service", "Expired", "Revoked", "Never");
    }

    @Test
    void showsTheSecretOnceAfterCreating() {
        navigate(ApiKeysView.class);
        click("create-key");
        test($(TextField.class).withId("key-name").single()).setValue("my notebook");

        click("create-key-dialog-submit");

        String secret = $(CodeBlock.class).withId("key-secret").single().getText();
        assertThat(secret).startsWith("atr_");
        assertThat($(CodeBlock.class).withId("key-curl").single().getText())
                .contains("https://api.example", secret);
        click("create-key-dialog-done");
        assertThat(rows("api-keys")).isEqualTo(1);
        assertThat(text()).doesNotContain(secret);
    }

    @Test
    void asksForANameBeforeCreating() {
        navigate(ApiKeysView.class);
        click("create-key");

        click("create-key-dialog-submit");

        assertThat($(TextField.class).withId("key-name").single().isInvalid()).isTrue();
        assertThat(state.apiKeys).isEmpty();
    }

    @Test
    void showsTheRegistrysWordsAndRequestIdWhenRefused() {
        navigate(ApiKeysView.class);
        REGISTRY.fail("/api-keys", 409, ErrorCode.NAME_TAKEN, "There is already such a key.");
        click("create-key");
        test($(TextField.class).withId("key-name").single()).setValue("twice");

        clickAndFail("create-key-dialog-submit");

        assertThat(notices()).contains("There is already such a key.", "req-4711");
    }

    @Test
    void revokesOnlyAfterConfirmation() {
        SampleData.fill(state);
        String id = state.apiKeys.getFirst().id();
        navigate(ApiKeysView.class);

        click("revoke-" + id);
        assertThat(state.apiKeys.getFirst().revokedAt()).isNull();
        test($(ConfirmDialog.class).withId("revoke-key").single()).confirm();

        assertThat(state.apiKeys.getFirst().revokedAt()).isNotNull();
        assertThat(has("revoke-" + id)).isFalse();
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void isClosedToViewers() {
        assertThat(
                        org.assertj.core.api.Assertions.catchThrowable(
                                () -> navigate(ApiKeysView.class)))
                .isNotNull();
        assertThat(text()).doesNotContain("Create key");
    }
}
