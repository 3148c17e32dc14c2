package dev.atrium.standalone.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.standalone.client.GatewayCalls;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A developer makes a key in the portal, calls with it, and takes it back. */
class CreateApiKeyBrowserIT {
    private static final Pattern KEY = Pattern.compile("atr_[a-z0-9]+_[a-z0-9]+");

    @Test
    void aKeyMadeInThePortalWorksUntilItIsRevokedThere() {
        try (Browser browser = Browser.desktop()) {
            Page page = browser.signIn();
            page.navigate(Platform.portal() + "/keys");
            page.locator("#create-key").click();
            page.locator("#key-name input").fill("journey " + UUID.randomUUID());
            page.locator("#create-key-dialog-submit").click();
            assertThat(page.locator("#key-secret")).isVisible();
            browser.picture("key-created");
            String secret = key(page.locator("#key-secret").textContent());

            GatewayCalls calls = Platform.calls(secret);
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() ->
                            assertThat(calls.embeddings("atrium/minilm", List.of("hello")).status())
                                    .isEqualTo(200));

            page.locator("#create-key-dialog-done").click();
            browser.picture("keys");
            String id = ApiKeyFormat.parse(secret).orElseThrow().keyId();
            page.locator("#revoke-" + id).click();
            page.locator("vaadin-button[slot=confirm-button]").click();
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() ->
                            assertThat(calls.embeddings("atrium/minilm", List.of("hello")).status())
                                    .isEqualTo(401));
            assertThat(page.content()).doesNotContain(secret);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static String key(String text) {
        Matcher matcher = KEY.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group();
    }
}
