package dev.atrium.portal.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.portal.fake.FakeRegistry;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Signs in over real HTTP: browser, portal and a registry that grants everything. */
@SpringBootTest(webEnvironment = WebEnvironment.DEFINED_PORT)
class SignInIT {
    private static final FakeRegistry REGISTRY = new FakeRegistry(0);
    private static final int PORT = freePort();
    private static final String READINESS = "/actuator/health/readiness";
    private static final String PORTAL = "http://localhost:" + PORT;

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry properties) {
        properties.add("server.port", () -> PORT);
        properties.add("management.server.port", () -> 0);
        properties.add("atrium.portal.address.public-url", REGISTRY::url);
        properties.add("atrium.portal.address.registry-url", REGISTRY::url);
        properties.add("atrium.portal.address.portal-url", () -> PORTAL);
        properties.add("atrium.portal.security.client-secret", () -> "test");
    }

    @AfterAll
    static void stop() {
        REGISTRY.close();
    }

    @LocalManagementPort private int managementPort;
    @Autowired private SecurityProperties properties;

    private final CookieManager cookies = new CookieManager();
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(cookies).followRedirects(Redirect.NEVER).build();

    @BeforeEach
    void reset() {
        REGISTRY.reset();
    }

    @Test
    void signsInWithProofKeyAndEveryScopeAndReturnsToTheWantedPage() throws Exception {
        HttpResponse<String> first = get(PORTAL + "/models");
        assertThat(location(first)).isEqualTo(PORTAL + "/oauth2/authorization/atrium");

        HttpResponse<String> asked = get(location(first));
        String authorize = location(asked);
        assertThat(authorize)
                .startsWith(REGISTRY.url() + "/oauth2/authorize?")
                .contains("code_challenge=", "code_challenge_method=S256", "client_id=portal")
                .contains("scope=openid%20profile%20inference:invoke%20models:read")
                .contains("redirect_uri=" + PORTAL + "/login/oauth2/code/atrium");

        HttpResponse<String> back = get(location(get(authorize)));
        assertThat(location(back)).startsWith(PORTAL + "/models");
        assertThat(get(location(back)).statusCode()).isEqualTo(200);
    }

    @Test
    void keepsTheSessionCookieFromScriptsAndOtherSites() throws Exception {
        get(PORTAL + "/");

        HttpCookie cookie = cookies.getCookieStore().getCookies().getFirst();
        assertThat(cookie.getName()).isEqualTo("PORTAL_SESSION");
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(get(PORTAL + "/", false).headers().allValues("set-cookie"))
                .anyMatch(header -> header.contains("SameSite=Lax"));
    }

    @Test
    void startsSignInOnTheAddressThatTheAnswerComesBackTo() throws Exception {
        String elsewhere = "http://127.0.0.1:" + PORT + "/oauth2/authorization/atrium";

        assertThat(location(get(elsewhere)))
                .isEqualTo(PORTAL + "/oauth2/authorization/atrium?moved=true");
    }

    @Test
    void explainsThatTheRegistryIsAwayInsteadOfLeavingTheUserThere() throws Exception {
        REGISTRY.cutOff(true);

        HttpResponse<String> answer = get(PORTAL + "/oauth2/authorization/atrium");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
        assertThat(answer.body()).contains("Atrium is not ready yet", "http-equiv=\"refresh\"");
    }

    @Test
    void explainsAnUnfinishedSignInInTheReadersLanguage() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(PORTAL + "/login/oauth2/code/atrium?code=x&state=y"))
                        .header("Accept-Language", "zh-CN")
                        .build();

        HttpResponse<String> answer = browser.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("登录未成功").doesNotContain("Exception");
    }

    @Test
    void mayNotBeFramedAndLoadsNothingFromElsewhere() throws Exception {
        HttpResponse<String> answer = get(PORTAL + "/");

        assertThat(answer.headers().firstValue("content-security-policy").orElse(""))
                .contains("frame-ancestors 'none'", "default-src 'self'", "object-src 'none'");
        assertThat(answer.headers().firstValue("x-frame-options")).hasValue("DENY");
        assertThat(answer.headers().firstValue("referrer-policy")).hasValue("same-origin");
    }

    @Test
    void tellsItsHealthOnTheManagementPortOnly() throws Exception {
        String management = "http://localhost:" + managementPort;

        HttpResponse<String> readiness =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(management + READINESS)).build(),
                                BodyHandlers.ofString());
        assertThat(readiness.statusCode()).as(readiness.body()).isEqualTo(200);
        assertThat(get(management + "/actuator/env").statusCode()).isNotEqualTo(200);
        assertThat(get(PORTAL + "/actuator/health").statusCode()).isNotEqualTo(200);
    }

    @Test
    void answersAnUnknownAddressWithAPage() throws Exception {
        signIn();

        HttpResponse<String> answer = get(PORTAL + "/no/such/page");

        assertThat(answer.body()).contains("<html");
        assertThat(get(PORTAL + "/login").body()).doesNotContain("Login with OAuth");
    }

    @Test
    void servesItsLookToEverybody() throws Exception {
        for (String file : List.of("styles.css", "icons.svg", "favicon.svg", "lumo/lumo.css")) {
            assertThat(get(PORTAL + "/" + file).statusCode()).as(file).isEqualTo(200);
        }
    }

    @Test
    void doesNotPrintItsSecret() {
        assertThat(properties.toString()).doesNotContain("test");
    }

    private void signIn() throws Exception {
        HttpResponse<String> asked = get(PORTAL + "/oauth2/authorization/atrium");
        get(location(get(location(asked))));
    }

    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return get(address, true);
    }

    private HttpResponse<String> get(String address, boolean withCookies)
            throws IOException, InterruptedException {
        HttpClient client = withCookies ? browser : HttpClient.newHttpClient();
        return client.send(
                HttpRequest.newBuilder(URI.create(address)).header("Accept", "text/html").build(),
                BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> response) {
        String location = response.headers().firstValue("location").orElse("");
        return location.startsWith("/") ? PORTAL + location : location;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
