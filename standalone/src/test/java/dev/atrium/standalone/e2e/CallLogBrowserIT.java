package dev.atrium.standalone.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A developer whose call was refused finds out why by the id of the answer. */
class CallLogBrowserIT {
    @Test
    void aDeveloperFindsARefusedCallByTheIdOfItsAnswer() throws Exception {
        String key = Platform.newAcmeKey();
        String refused = refusedCall(key);

        try (Browser desktop = Browser.desktop();
                Browser phone = new Browser(390, 844, ColorScheme.DARK)) {
            Page page = desktop.signIn();
            page.navigate(Platform.portal() + "/calls?outcome=refused");
            page.waitForCondition(
                    () -> {
                        page.reload();
                        assertThat(page.locator("#call-filter")).isVisible();
                        return page.locator("#call-" + refused).count() == 1;
                    },
                    new Page.WaitForConditionOptions().setTimeout(60_000));
            desktop.picture("calls");
            page.locator("#call-search input").fill("x-request-id: " + refused);
            page.keyboard().press("Enter");
            assertThat(page).hasURL(Pattern.compile(".*/calls/" + refused));
            assertThat(page.locator("#call-why")).containsText("model_not_found");
            assertThat(page.locator("#call-facts")).containsText("/no-such-model");
            desktop.picture("call-refused");

            phone.signIn();
            phone.page().navigate(Platform.portal() + "/calls/" + refused);
            assertThat(phone.page().locator("#call-why")).containsText("HTTP 404");
            phone.picture("call-refused-phone");
            phone.page().navigate(Platform.portal() + "/calls");
            assertThat(phone.page().locator("#call-filter")).isVisible();
            phone.picture("calls-phone");
            assertThat(desktop.complaints()).isEmpty();
            assertThat(phone.complaints()).isEmpty();
        }
    }

    private static String refusedCall(String key) throws Exception {
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(Platform.gateway() + "/v1/embeddings"))
                                        .header("Authorization", "Bearer " + key)
                                        .header("Content-Type", "application/json")
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        "{\"model\":\"no-such-model\",\"input\":\"a\"}"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        return answer.headers().firstValue("x-request-id").orElseThrow();
    }
}
