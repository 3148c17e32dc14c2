package dev.atrium.registry.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestMail;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.machine.MachineCredentials;
import dev.atrium.registry.quota.TestThreshold;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** From an event to the mailbox of who is to know. */
class MailIT extends RegistryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Autowired private MachineCredentials credentials;

    @Autowired
    @Qualifier("platformJdbc")
    private JdbcClient platform;

    private TestTenant acme;
    private String developer;

    @BeforeEach
    void makeTenant() {
        acme = tenant("mailed");
        developer = "dev@" + acme.slug() + ".test";
        addMember(acme.id(), developer, Role.DEVELOPER);
    }

    @AfterEach
    void mend() {
        TestMail.comeBack();
    }

    @Test
    void tellsOwnersOfAThresholdOnce() throws Exception {
        reachThreshold();

        MimeMessage told = theOnlyOneTo(acme.ownerEmail());
        String text = told.getContent().toString();
        assertThat(told.getSubject()).isEqualTo("Atrium: " + acme.slug() + " has used 80 % of 'p'");
        assertThat(text).contains("Used: 90 tokens of 100 tokens", PORTAL_URL + "/quotas");
        assertThat(told.getFrom()[0].toString()).isEqualTo(TestMail.FROM);
        assertThat(told.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(told.getContentType()).startsWith("text/plain");
        assertThat(TestMail.to(developer)).isEmpty();
    }

    @Test
    void tellsWhoDecidesOfARequestAndWhoAskedOfTheDecision() throws Exception {
        Map<String, Object> limit =
                Map.of("name", "ours", "unit", "TOKENS", "window", "MONTH", "amount", 100);
        Policy policy =
                http().post("/api/v1/quota-policies", acme.ownerToken(), limit).as(Policy.class);
        Map<String, Object> wish =
                Map.of(
                        "policyId",
                        policy.id().value(),
                        "revision",
                        0,
                        "amount",
                        200,
                        "reason",
                        "The course\nbegins");

        Answer asked = http().post("/api/v1/quota-requests", tokenOf(developer), wish);
        MimeMessage opened = theOnlyOneTo(acme.ownerEmail());
        http().post(
                        "/api/v1/quota-requests/"
                                + asked.json().path("id").asString()
                                + "/decision",
                        acme.ownerToken(),
                        Map.of("decision", "DENY", "note", "not now"));
        MimeMessage decided = theOnlyOneTo(developer);

        assertThat(opened.getSubject()).contains("asks for more of 'ours'");
        assertThat(opened.getContent().toString())
                .contains("Now:    100 tokens", "Wanted: 200 tokens", PORTAL_URL + "/requests");
        assertThat(decided.getSubject())
                .isEqualTo("Atrium: your request for more of 'ours' is denied");
        assertThat(decided.getContent().toString())
                .contains("Note:    not now", PORTAL_URL + "/quotas");
        assertThat(TestMail.to(acme.ownerEmail())).hasSize(1);
    }

    @Test
    void triesAgainUntilTheServerIsBack() {
        TestMail.goDown();

        reachThreshold();

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(deliveries())
                                .singleElement()
                                .matches(delivery -> delivery.attempts() > 1)
                                .extracting(Delivery::failure)
                                .asString()
                                .contains("does not answer"));
        TestMail.comeBack();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(deliveries()).singleElement().matches(Delivery::isDelivered));
        assertThat(TestMail.to(acme.ownerEmail())).hasSize(1);
    }

    @Test
    void oneAddressThatIsNoneStopsNoOther() {
        addMember(acme.id(), "second@" + acme.slug() + ".test", Role.OWNER);
        addMember(acme.id(), "gone@" + acme.slug() + ".test", Role.OWNER);
        platform.sql("UPDATE app_user SET email = ? WHERE email = ?")
                .params("no address of " + acme.slug(), acme.ownerEmail())
                .update();
        platform.sql("UPDATE app_user SET active = false WHERE email = ?")
                .param("gone@" + acme.slug() + ".test")
                .update();

        reachThreshold();

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(deliveries())
                                .extracting(
                                        Delivery::isDelivered,
                                        Delivery::isOver,
                                        Delivery::failure,
                                        Delivery::attempts)
                                .containsExactlyInAnyOrder(
                                        tuple(true, true, null, 1),
                                        tuple(false, true, "this is no mail address", 1),
                                        tuple(false, false, null, 0)));
        assertThat(TestMail.to("second@" + acme.slug() + ".test")).hasSize(1);
        assertThat(TestMail.to("gone@" + acme.slug() + ".test")).isEmpty();
    }

    private void reachThreshold() {
        TestThreshold.reach(http(), internalHttp(), credentials, acme);
    }

    private static MimeMessage theOnlyOneTo(String address) {
        await().atMost(PATIENCE).until(() -> !TestMail.to(address).isEmpty());
        List<MimeMessage> all = TestMail.to(address);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private record Delivery(boolean isDelivered, boolean isOver, String failure, int attempts) {}

    private List<Delivery> deliveries() {
        return platform.sql(
                        """
                        SELECT d.* FROM mail_delivery d JOIN mail_event e ON e.id = d.event_id
                        WHERE e.tenant_id = ?
                        """)
                .param(acme.id().value())
                .query((row, number) ->
                        new Delivery(
                                row.getObject("delivered_at") != null,
                                row.getObject("next_attempt_at") == null,
                                row.getString("failure"),
                                row.getInt("attempts")))
                .list();
    }
}
