package dev.atrium.standalone.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.atrium.standalone.seed.DemoTenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real browser with a fresh profile. Watches that no page asks anything of another host and that
 * no script fails.
 */
final class Browser implements AutoCloseable {
    private static final double PATIENCE_MILLIS = 20_000;
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private final Playwright playwright;
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    Browser(int width, int height, ColorScheme colors) {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        context =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(chromium())
                                        .setArgs(
                                                List.of(
                                                        "--no-sandbox",
                                                        "--disable-gpu",
                                                        "--disable-quic",
                                                        "--no-first-run",
                                                        "--disable-background-networking",
                                                        "--disable-component-update",
                                                        "--disable-sync")))
                        .newContext(
                                new com.microsoft.playwright.Browser.NewContextOptions()
                                        .setViewportSize(width, height)
                                        .setLocale("en-GB")
                                        .setColorScheme(colors));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout(
                PATIENCE_MILLIS);
        page = context.newPage();
        page.onPageError(error -> complaints.add("script failed: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith("http://atrium.localhost:")
                    && !request.url().startsWith("data:")
                    && !request.url().startsWith("blob:")) {
                complaints.add("asked another host: " + request.url());
            }
        });
    }

    static Browser desktop() {
        return new Browser(1280, 860, ColorScheme.LIGHT);
    }

    Page page() {
        return page;
    }

    /** Opens the portal and signs in as acme's developer, through the registry's page. */
    Page signIn() {
        page.navigate(Platform.portal() + "/");
        submitSignIn(DemoTenant.ACME.email(), Platform.acmePassword());
        assertThat(page.locator("#nav-main")).isAttached();
        return page;
    }

    void submitSignIn(String email, String password) {
        page.locator("input[name=email]").fill(email);
        page.locator("input[name=password]").fill(password);
        page.locator("button[type=submit]").click();
    }

    /** Keeps a picture for whoever wants to look. */
    void picture(String name) {
        page.waitForTimeout(600);
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    List<String> complaints() {
        return complaints;
    }

    private static Path chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name ->
                        Stream.of(System.getenv("PATH").split(":"))
                                .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "chromium is missing; ./atrium test says how to get it"));
    }

    @Override
    public void close() {
        context.close();
        playwright.close();
    }
}
