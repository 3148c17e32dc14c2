package dev.atrium.portal;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.dom.Element;
import com.vaadin.flow.server.ErrorEvent;
import com.vaadin.flow.server.ErrorHandler;
import dev.atrium.portal.fake.FakeRegistry;
import dev.atrium.portal.fake.FakeState;
import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.security.TestSession;
import dev.atrium.registry.api.tenancy.Role;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Opens views without a browser, against a fake registry that speaks real HTTP. One Spring context
 * serves all of these tests.
 */
@SpringBootTest
@Import(TestSession.class)
@SignedIn
public abstract class ViewTest extends SpringBrowserlessTest {
    protected static final FakeRegistry REGISTRY = new FakeRegistry(0);

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry properties) {
        properties.add("atrium.portal.address.public-url", REGISTRY::url);
        properties.add("atrium.portal.address.registry-url", REGISTRY::url);
        properties.add("atrium.portal.address.gateway-internal-url", REGISTRY::url);
        properties.add("atrium.portal.address.gateway-url", () -> "https://api.example");
        properties.add("atrium.portal.address.portal-url", () -> "https://portal.example");
        properties.add("atrium.portal.security.client-secret", () -> "test");
    }

    private static final String[] WORDS = {
        "label", "headerTitle", "header", "message", "content", "text", "placeholder"
    };

    protected FakeState state;

    /** Runs before the first page is opened, which already asks who is signed in. */
    @Override
    @BeforeEach
    protected void initVaadinEnvironment() {
        state = REGISTRY.reset();
        Set<String> granted =
                SecurityContextHolder.getContext().getAuthentication().getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .collect(Collectors.toSet());
        state.platformAdmin = granted.contains("SCOPE_platform:admin");
        if (!granted.contains("SCOPE_members:manage")) {
            state.role = granted.contains("SCOPE_keys:manage") ? Role.DEVELOPER : Role.VIEWER;
        }
        super.initVaadinEnvironment();
    }

    @Override
    @AfterEach
    protected void cleanVaadinEnvironment() {
        super.cleanVaadinEnvironment();
    }

    @Override
    protected Set<String> scanPackages() {
        return Set.of("dev.atrium.portal");
    }

    @Autowired private CurrentUser currentUser;
    @Autowired private ErrorHandler errors;

    /** What the session remembers of the user was learned before the test changed it. */
    protected void forgetUser() {
        currentUser.forget();
    }

    protected void click(String id) {
        test($(Button.class).withId(id).single()).click();
    }

    protected boolean has(String id) {
        return !$(Component.class).withId(id).all().isEmpty();
    }

    /** Clicks, and hands what goes wrong to the session's error handler as the servlet does. */
    protected void clickAndFail(String id) {
        failing(() -> click(id));
    }

    protected void failing(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            errors.error(new ErrorEvent(e));
        }
    }

    /** Goes to an address that ends on an error page. */
    protected void navigateToFailure(String address) {
        UI.getCurrent().navigate(address);
    }

    /** Every word of the page, dialogs included. */
    protected String text() {
        StringBuilder all = new StringBuilder();
        $(Component.class).all().forEach(component -> append(component.getElement(), all));
        return all.toString();
    }

    protected String notices() {
        StringBuilder all = new StringBuilder();
        for (Notification notice : $(Notification.class).all()) {
            append(notice.getElement(), all);
            $(Component.class, notice)
                    .all()
                    .forEach(component -> append(component.getElement(), all));
        }
        return all.toString();
    }

    protected int rows(String tableId) {
        return $(Component.class)
                .withId(tableId)
                .single()
                .getChildren()
                .filter(NativeTable.class::isInstance)
                .map(NativeTable.class::cast)
                .mapToInt(table -> table.getBody().getRows().size())
                .sum();
    }

    /** Waits for something that another thread brings to the page. */
    protected void await(BooleanSupplier condition) {
        Awaitility.await()
                .pollInSameThread()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    roundTrip();
                    return condition.getAsBoolean();
                });
    }

    private static void append(Element element, StringBuilder all) {
        element.getChildren()
                .filter(Element::isTextNode)
                .forEach(child -> all.append(child.getText()).append(' '));
        for (String property : WORDS) {
            if (element.getProperty(property) != null) {
                all.append(element.getProperty(property)).append(' ');
            }
        }
    }
}
