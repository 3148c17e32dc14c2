package dev.atrium.standalone.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.standalone.client.ManagementApi;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A developer asks for more of a limit, its owner grants some of it, the developer is told. */
class QuotaRequestBrowserIT {
    private static final String PASSWORD = "a long walk through the atrium";

    @Test
    void aDeveloperAsksForMoreAndIsToldWhatTheOwnerGranted() {
        String slug = "more-" + UUID.randomUUID().toString().substring(0, 8);
        ManagementApi operator = Platform.operator();
        Tenant tenant =
                operator.post("/admin/tenants", new CreateTenant(slug, slug, null), Tenant.class);
        String path = "/admin/tenants/" + tenant.id();
        for (Role role : new Role[] {Role.OWNER, Role.DEVELOPER}) {
            operator.post(
                    path + "/members",
                    new AddMember(email(role, slug), role.name(), role, PASSWORD),
                    AddedMember.class);
        }

        try (Browser owner = Browser.desktop();
                Browser developer = new Browser(390, 844, ColorScheme.DARK)) {
            setLimit(signIn(owner, email(Role.OWNER, slug)));
            ask(signIn(developer, email(Role.DEVELOPER, slug)));
            developer.picture("request-asked");
            grantSome(owner);

            Page page = developer.page();
            page.navigate(Platform.portal() + "/");
            assertThat(page.locator("#request-notes")).containsText("is approved in part");
            page.navigate(Platform.portal() + "/quotas");
            assertThat(page.locator("#my-requests")).containsText("for the first week");
            assertThat(page.locator("#quota-policies")).containsText("2,000 requests per day");
            page.locator("vaadin-button[id^=noted-]").click();
            page.navigate(Platform.portal() + "/");
            assertThat(page.locator("#tile-models")).isVisible();
            assertThat(page.locator("#request-notes")).isHidden();

            assertThat(operator.all(path + "/quota-policies", Policy.class))
                    .singleElement()
                    .matches(policy -> policy.amount() == 2_000);
            assertThat(owner.complaints()).isEmpty();
            assertThat(developer.complaints()).isEmpty();
        }
    }

    private static String email(Role role, String slug) {
        return role.name().toLowerCase(java.util.Locale.ROOT) + "@" + slug + ".example";
    }

    private static Page signIn(Browser browser, String email) {
        Page page = browser.page();
        page.navigate(Platform.portal() + "/");
        browser.submitSignIn(email, PASSWORD);
        assertThat(page.locator("#nav-main")).isAttached();
        return page;
    }

    private static void setLimit(Page page) {
        page.navigate(Platform.portal() + "/quotas");
        page.locator("#create-policy").click();
        page.locator("#policy-amount input").fill("1000");
        page.locator("#create-policy-dialog-submit").click();
        assertThat(page.locator("#quota-policies")).containsText("1,000 requests per day");
    }

    private static void ask(Page page) {
        page.navigate(Platform.portal() + "/quotas");
        page.locator("vaadin-button[id^=ask-]").click();
        page.locator("#ask-amount input").fill("5000");
        page.locator("#ask-reason textarea").fill("The course begins on Monday.");
        page.locator("#ask-dialog-submit").click();
        assertThat(page.locator("#my-requests")).containsText("The course begins on Monday.");
    }

    private static void grantSome(Browser browser) {
        Page page = browser.page();
        page.navigate(Platform.portal() + "/");
        assertThat(page.locator("#request-notes")).containsText("waits for your decision");
        page.navigate(Platform.portal() + "/requests");
        page.locator("vaadin-button[id^=decide-]").click();
        page.getByText("Approve less").click();
        page.locator("#decide-amount input").fill("2000");
        page.locator("#decide-note textarea").fill("for the first week");
        browser.picture("request-decision");
        page.locator("#decide-dialog-submit").click();
        assertThat(page.locator("#requests")).containsText("Nothing to decide");
    }
}
