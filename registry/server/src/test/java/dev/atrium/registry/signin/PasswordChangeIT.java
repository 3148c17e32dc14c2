package dev.atrium.registry.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.SignInBrowser;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.tenancy.MemberService;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

class PasswordChangeIT extends RegistryTest {
    private static final String NEW_PASSWORD = "a password of my own";

    @Autowired MemberService members;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void generatedPasswordIsChangedInTheSignInBeforeAnyCodeIsGiven() {
        TestTenant acme = tenant("forced");
        String email = "dev@" + acme.slug() + ".test";
        AddedMember added =
                members.add(acme.id(), new AddMember(email, "Dev", Role.DEVELOPER, null));
        SignInBrowser browser = browser();

        browser.authorize();
        Answer signedIn = browser.login(email, added.generatedPassword());
        Answer tooEarly = browser.authorize();
        Answer differing =
                browser.submit(
                        "/change-password", Map.of("next", NEW_PASSWORD, "repeated", "another"));
        Answer tooShort =
                browser.submit("/change-password", Map.of("next", "short", "repeated", "short"));
        Answer changed =
                browser.submit(
                        "/change-password", Map.of("next", NEW_PASSWORD, "repeated", NEW_PASSWORD));
        Answer tokens = browser.exchange(browser.code(browser.follow(changed)));

        assertThat(signedIn.header("Location")).isEqualTo("/change-password");
        assertThat(tooEarly.header("Location")).isEqualTo("/change-password");
        assertThat(differing.status()).isEqualTo(400);
        assertThat(tooShort.text()).contains("at least 10 characters");
        assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
        assertThat(browser().login(email, added.generatedPassword()).status()).isEqualTo(401);
        assertThat(browser().login(email, NEW_PASSWORD).status()).isEqualTo(302);
    }

    @Test
    void dueChangeClosesTheApiButForTheChangeItself() {
        TestTenant acme = tenant("forced");
        platform.sql("UPDATE app_user SET must_change_password = true WHERE id = ?")
                .param(acme.owner().value())
                .update();

        Answer closed = http().get("/api/v1/members", acme.ownerToken());
        Answer me = http().get("/api/v1/me", acme.ownerToken());
        Answer changed =
                http().put(
                                "/api/v1/me/password",
                                acme.ownerToken(),
                                Map.of("newPassword", NEW_PASSWORD));
        Answer open = http().get("/api/v1/members", acme.ownerToken());

        assertThat(closed.status()).isEqualTo(403);
        assertThat(closed.code()).isEqualTo("password_change_required");
        assertThat(me.json().path("mustChangePassword").asBoolean()).isTrue();
        assertThat(changed.status()).as(changed.text()).isEqualTo(204);
        assertThat(open.status()).isEqualTo(200);
    }

    @Test
    void ownChangeNeedsTheCurrentPassword() {
        TestTenant acme = tenant("forced");

        Answer without =
                http().put(
                                "/api/v1/me/password",
                                acme.ownerToken(),
                                Map.of("newPassword", NEW_PASSWORD));
        Answer wrong =
                http().put(
                                "/api/v1/me/password",
                                acme.ownerToken(),
                                Map.of(
                                        "currentPassword",
                                        "not it at all",
                                        "newPassword",
                                        NEW_PASSWORD));
        Answer right =
                http().put(
                                "/api/v1/me/password",
                                acme.ownerToken(),
                                Map.of(
                                        "currentPassword",
                                        TestTenant.PASSWORD,
                                        "newPassword",
                                        NEW_PASSWORD));

        assertThat(without.status()).isEqualTo(400);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().path("detail").asString()).contains("current password");
        assertThat(right.status()).isEqualTo(204);
    }

    @Test
    void firstAdminMustChangeThePasswordTheInstallationWasSetUpWith() {
        SignInBrowser browser = browser();

        browser.authorize();
        Answer signedIn = browser.login("admin@atrium.local", ADMIN_PASSWORD);

        assertThat(signedIn.header("Location")).isEqualTo("/change-password");
    }
}
