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
    void createsAKeyForACostCentre() {
        navigate(ApiKeysView.class);
        click("create-key");
        test($(TextField.class).withId("key-name").single()).setValue("campaign");
        TextField label = $(TextField.class).withId("key-label").single();
        test(label).setValue("two words");

        click("create-key-dialog-submit");
        assertThat(label.isInvalid()).isTrue();
        assertThat(state.apiKeys).isEmpty();
        test(label).setValue("marketing/eu");
        click("create-key-dialog-submit");
        click("create-key-dialog-done");

        assertThat(state.apiKeys.getFirst().label()).isEqualTo("marketing/eu");
        assertThat(text()).contains("marketing/eu");
    }

    @Test
    void changesTheLabelOfAKeyAndTakesItAway() {
        SampleData.fill(state);
        String id = state.apiKeys.getFirst().id();
        navigate(ApiKeysView.class);

        click("label-" + id);
        test($(TextField.class).withId("key-label").single()).setValue("no label!");
        click("label-key-dialog-submit");
        assertThat(state.apiKeys.getFirst().label()).isNull();
        test($(TextField.class).withId("key-label").single()).setValue("research");
        click("label-key-dialog-submit");
        assertThat(state.apiKeys.getFirst().label()).isEqualTo("research");
        assertThat(text()).contains("research");

        click("label-" + id);
        TextField label = $(TextField.class).withId("key-label").single();
        assertThat(label.getValue()).isEqualTo("research");
        test(label).setValue("");
        click("label-key-dialog-submit");

        assertThat(state.apiKeys.getFirst().label()).isNull();
        assertThat(text()).doesNotContain("research");
    }

    @Test
    @SignedIn(role = Role.DEVELOPER)
    void onlyOwnersChangeLabels() {
        SampleData.fill(state);
        String id = state.apiKeys.getFirst().id();

        navigate(ApiKeysView.class);

        assertThat(has("revoke-" + id)).isTrue();
        assertThat(has("label-" + id)).isFalse();
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
