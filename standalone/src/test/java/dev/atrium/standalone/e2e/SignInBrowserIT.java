package dev.atrium.standalone.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A developer signs in through another host name than the services use, looks around, signs out.
 */
class SignInBrowserIT {
    @Test
    void wrongPasswordIsRefusedAndTheRightOneLeadsHome() {
        try (Browser browser = Browser.desktop()) {
            Page page = browser.page();
            page.navigate(Platform.portal() + "/");
            assertThat(page).hasURL(startingWith(Platform.publicUrl() + "/login"));
            browser.picture("login");

            browser.submitSignIn("ada@acme.example", "not her password");
            assertThat(page.locator("[role=alert]")).isVisible();
            browser.signIn();

            assertThat(page).hasURL(startingWith(Platform.portal()));
            browser.picture("home");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void signingOutEndsBothSessions() {
        try (Browser browser = Browser.desktop()) {
            Page page = browser.signIn();

            page.locator("#user-menu").click();
            page.locator("#sign-out").click();
            assertThat(page.locator("input[name=password]")).isVisible();
            page.navigate(Platform.portal() + "/keys");

            assertThat(page.locator("input[name=password]")).isVisible();
        }
    }

    @Test
    void darkAndPhoneWidthWork() {
        try (Browser browser = new Browser(390, 844, ColorScheme.DARK)) {
            Page page = browser.signIn();
            browser.picture("home-phone-dark");

            page.navigate(Platform.portal() + "/models");
            assertThat(page.getByText("atrium/minilm").first()).isVisible();
            browser.picture("models-phone-dark");

            Object overflow =
                    page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
            assertThat(((Number) overflow).intValue())
                    .as("sideways scrolling")
                    .isLessThanOrEqualTo(0);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** For the browser's regular expressions, which know no quoting. */
    private static Pattern startingWith(String url) {
        return Pattern.compile("^" + url.replace(".", "\\.") + ".*");
    }
}
