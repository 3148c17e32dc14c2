package dev.atrium.portal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.internal.MockVaadin;
import com.vaadin.browserless.mocks.MockedUI;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.sidenav.SideNavItem;
import com.vaadin.flow.server.VaadinSession;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.portal.language.Languages;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

class ShellIT extends ViewTest {
    @Test
    void offersOwnersTheirPages() {
        assertThat(navigation())
                .containsExactly(
                        "Home",
                        "Models",
                        "Playground",
                        "API keys",
                        "Usage",
                        "Calls",
                        "Statements",
                        "Quotas",
                        "Requests",
                        "Members");
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void offersViewersWhatTheyMaySee() {
        assertThat(navigation())
                .containsExactly("Home", "Models", "Usage", "Calls", "Statements", "Quotas");
    }

    @Test
    @SignedIn(platformAdmin = true)
    void offersPlatformAdminsTheMachines() {
        assertThat(navigation())
                .endsWith(
                        "Members",
                        "Tenants",
                        "Plans",
                        "Who is close",
                        "Quota requests",
                        "Price lists",
                        "Nodes",
                        "Gateways");
    }

    @Test
    void namesTheTenantWhenThereIsOnlyOne() {
        assertThat(has("tenant-name")).isTrue();
        assertThat(has("tenant-switcher")).isFalse();
    }

    @Test
    @SuppressWarnings("unchecked")
    void changesTenantTokenAndRights() {
        state.mine = List.of(state.acme, state.globex);
        reopen();
        state.role = Role.VIEWER;

        Select<Tenant> choice = $(Select.class).withId("tenant-switcher").single();
        choice.setValue(state.globex);

        assertThat(state.current).isEqualTo(state.globex);
        assertThat(state.requests).contains("PUT /api/v1/me/tenant");
        assertThat(SecurityContextHolder.getContext().getAuthentication().getAuthorities())
                .extracting(GrantedAuthority::getAuthority)
                .contains("ROLE_models:read")
                .doesNotContain("ROLE_members:manage", "ROLE_keys:manage");
    }

    @Test
    void sendsThoseWithAGeneratedPasswordToChangeIt() {
        state.mustChangePassword = true;
        reopen();

        assertThat(location()).isEqualTo(REGISTRY.url() + "/change-password");
    }

    @Test
    void saysThatAPageDoesNotExist() {
        navigateToFailure("no/such/page");

        assertThat(text()).contains("Nothing here", "To the home page");
    }

    @Test
    void endsTheSessionInWordsWhenTheTokenIsRefused() {
        UI.getCurrent().navigate("keys");
        REGISTRY.refuseTokens();

        clickAndFail("create-key");

        assertThat($(ConfirmDialog.class).withId("session-ended").all()).hasSize(1);
        assertThat(text()).contains("Your session has ended");
    }

    @Test
    void explainsAPageThatCannotBeLoaded() {
        REGISTRY.cutOff(true);

        navigateToFailure("keys");
        assertThat(text()).contains("The registry does not answer", "Try again");

        REGISTRY.cutOff(false);
        REGISTRY.fail("/api-keys", 403, ErrorCode.INSUFFICIENT_SCOPE, "You need keys:manage.");
        navigateToFailure("");
        navigateToFailure("keys");
        assertThat(text()).contains("That was refused", "You need keys:manage.");
    }

    @Test
    void hidesWhatNobodyShouldSeeOfAnUnexpectedFailure() {
        failing(() -> {
            throw new IllegalStateException("jdbc:secret@host");
        });

        assertThat(notices()).contains("Something went wrong here", "Request id");
        assertThat(notices()).doesNotContain("jdbc", "IllegalState");
    }

    @Test
    void speaksChinese() {
        UI.getCurrent().setLocale(Languages.CHINESE);
        SampleData.fill(state);

        UI.getCurrent().navigate("keys");

        assertThat(text()).contains("创建密钥", "已吊销", "API 密钥");
        assertThat(text()).doesNotContain("Create key", "Revoked");
    }

    private List<String> navigation() {
        return $(SideNavItem.class).all().stream().map(SideNavItem::getLabel).toList();
    }

    /** Makes the frame anew, as a reload of the page does. */
    private void reopen() {
        forgetUser();
        MockVaadin.closeCurrentUI(true);
        MockVaadin.createUI(MockedUI::new, VaadinSession.getCurrent());
    }

    private static String location() {
        return UI.getCurrent().getInternals().dumpPendingJavaScriptInvocations().stream()
                .map(call -> call.getInvocation())
                .filter(call -> call.getExpression().contains("open"))
                .map(call -> String.valueOf(call.getParameters().getFirst()))
                .reduce((first, last) -> last)
                .orElse("");
    }
}
