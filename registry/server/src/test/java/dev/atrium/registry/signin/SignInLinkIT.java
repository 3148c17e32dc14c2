package dev.atrium.registry.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.SignInBrowser;
import dev.atrium.registry.TestTenant;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignInLinkIT extends RegistryTest {
    @Test
    void signsInOnceAndLeadsToThePortal() {
        TestTenant acme = tenant("link");
        String path = link(acme.ownerEmail());
        SignInBrowser scanner = browser();
        SignInBrowser browser = browser();

        Answer looked = scanner.http().get(path);
        Answer in = browser.submit(path, Map.of());
        Answer tokens = browser.exchange(browser.code(browser.authorize()));
        Answer again = browser().http().get(path);

        assertThat(looked.status()).isEqualTo(200);
        assertThat(in.status()).as(in.text()).isEqualTo(302);
        assertThat(in.header("Location")).isEqualTo(PORTAL_URL + "/");
        assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.text()).contains("used up");
    }

    @Test
    void secretIsNotLeakedToWhereThePageLeads() {
        Answer page = http().get(link(tenant("link").ownerEmail()));

        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.header("Cache-Control")).contains("no-store");
    }

    @Test
    void onlyAdminsMakeLinksAndOnlyForUsersThatAreThere() {
        TestTenant acme = tenant("link");

        Answer byOwner =
                http().post(
                                "/api/v1/admin/sign-in-links",
                                acme.ownerToken(),
                                Map.of("email", acme.ownerEmail()));
        Answer forNobody =
                http().post(
                                "/api/v1/admin/sign-in-links",
                                operatorToken(),
                                Map.of("email", "nobody@example.test"));

        assertThat(byOwner.status()).isEqualTo(403);
        assertThat(forNobody.status()).isEqualTo(404);
    }

    @Test
    void pagesCannotBeFramedOrScriptedAndLookAfterThemselves() throws Exception {
        Answer page = http().get("/login");

        String style = page.text().replaceAll("(?s).*<style>(.*)</style>.*", "$1");
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
                .doesNotContain("unsafe");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.text()).doesNotContain("src=", "href=\"http").contains("<style>");
        assertThat(page.header("Set-Cookie"))
                .startsWith("ATRIUM_SESSION=")
                .contains("HttpOnly", "SameSite=Lax");
    }

    @Test
    void signingInNeedsThePagesOwnToken() {
        TestTenant acme = tenant("link");

        Answer forged =
                http().form(
                                "/login",
                                Map.of(
                                        "email",
                                        acme.ownerEmail(),
                                        "password",
                                        TestTenant.PASSWORD));

        assertThat(forged.status()).isEqualTo(403);
    }

    @Test
    void signingInChangesTheSessionId() {
        TestTenant acme = tenant("link");
        SignInBrowser browser = browser();
        browser.authorize();
        String before = browser.http().cookies().getCookieStore().getCookies().toString();

        browser.login(acme.ownerEmail(), TestTenant.PASSWORD);

        assertThat(browser.http().cookies().getCookieStore().getCookies().toString())
                .isNotEqualTo(before);
    }

    private String link(String email) {
        Answer made =
                http().post("/api/v1/admin/sign-in-links", operatorToken(), Map.of("email", email));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String url = made.json().path("url").asString();
        assertThat(url).startsWith(PUBLIC_URL + "/sign-in/");
        return URI.create(url).getPath();
    }
}
