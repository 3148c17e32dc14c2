package dev.atrium.standalone.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.demo.Samples;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A developer uploads a model in the portal, sees it READY, and it answers. */
class UploadModelBrowserIT {
    @Test
    void anUploadedModelBecomesReadyAndAnswers() {
        String name = "journey-" + UUID.randomUUID().toString().substring(0, 8);
        try (Browser browser = Browser.desktop()) {
            Page page = browser.signIn();
            page.navigate(Platform.portal() + "/models");
            browser.picture("models");
            page.locator("#upload-model").click();
            chooseFile(page, "model.onnx", Samples.file("iris.onnx"));
            page.locator("#upload-name input").fill(name);
            browser.picture("upload");
            page.locator("#upload-dialog-submit").click();
            page.locator("#upload-dialog-done").click();

            page.navigate(Platform.portal() + "/models/acme/" + name);
            assertThat(page.locator("#deployment").getByText("1 of 1 replicas ready"))
                    .isVisible(
                            new com.microsoft.playwright.assertions.LocatorAssertions
                                            .IsVisibleOptions()
                                    .setTimeout(60_000));
            browser.picture("model-ready");

            GatewayCalls.Answer answer =
                    Platform.calls(Platform.newAcmeKey())
                            .infer("acme/" + name, Samples.inputs("iris.onnx"));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(Samples.isClose(Samples.difference("iris.onnx", answer.json()))).isTrue();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aRefusedFileSaysWhy() {
        try (Browser browser = Browser.desktop()) {
            Page page = browser.signIn();
            page.navigate(Platform.portal() + "/models");
            page.locator("#upload-model").click();
            chooseFile(
                    page,
                    "model.pt",
                    new byte[] {(byte) 0x80, 2, 'c', 'o', 's', '\n', 's', '\n', '.'});
            page.locator("#upload-name input")
                    .fill("bad-" + UUID.randomUUID().toString().substring(0, 8));
            page.locator("#upload-dialog-submit").click();

            Locator notice = page.locator("#upload-dialog .notice-bad");
            assertThat(notice).containsText(Pattern.compile("pickle", Pattern.CASE_INSENSITIVE));
            browser.picture("upload-refused");
        }
    }

    private static void chooseFile(Page page, String name, byte[] content) {
        page.locator("#upload-files input[type=file]")
                .setInputFiles(new FilePayload(name, "application/octet-stream", content));
    }
}
