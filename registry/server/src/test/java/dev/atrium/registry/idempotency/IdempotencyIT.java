package dev.atrium.registry.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyOutcome.Kind;
import dev.atrium.registry.api.idempotency.KeyOutcomes;
import dev.atrium.registry.api.idempotency.KeyStanding;
import dev.atrium.registry.api.node.GatewayHeartbeat;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.machine.MachineCredentials;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class IdempotencyIT extends RegistryTest {
    private static final String CLAIMS = "/internal/v1/idempotency/claims";
    private static final String OUTCOMES = "/internal/v1/idempotency/outcomes";
    private static final String KEY = hash("key one");
    private static final String REQUEST = hash("request one");

    @Autowired private MachineCredentials credentials;
    @Autowired private KeyExpiry expiry;
    @Autowired private JdbcClient app;
    @Autowired private TransactionTemplate transactions;

    @Autowired
    @Qualifier("platformJdbc")
    private JdbcClient platform;

    private TestTenant acme;
    private Life gateway;

    /** One life of a gateway. */
    private record Life(UUID id, String credential, UUID incarnation) {}

    @BeforeEach
    void oneTenantAndOneLivingGateway() {
        acme = tenant("idempotency");
        gateway = beating(joined());
    }

    @Test
    void ofManyClaimsOfOneKeyExactlyOneIsNew() throws Exception {
        Life other = beating(joined());
        List<Callable<KeyStanding>> claims =
                IntStream.range(0, 32)
                        .mapToObj(i ->
                                (Callable<KeyStanding>)
                                        () ->
                                                claim(
                                                                i % 2 == 0 ? gateway : other,
                                                                acme,
                                                                KEY,
                                                                REQUEST)
                                                        .standing())
                        .toList();

        List<KeyStanding> standings = atOnce(claims);

        assertThat(standings).filteredOn(KeyStanding.NEW::equals).hasSize(1);
        assertThat(standings).filteredOn(KeyStanding.IN_FLIGHT::equals).hasSize(31);
    }

    @Test
    void theSameClaimMayBeSentAgain() {
        ClaimKey claim = wish(gateway, acme, KEY, REQUEST);

        assertThat(send(gateway, claim).standing()).isEqualTo(KeyStanding.NEW);
        assertThat(send(gateway, claim).standing()).isEqualTo(KeyStanding.NEW);
    }

    @Test
    void theReplyIsGivenToEverybodyWhoAsksAgain() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();
        KeptReply reply = new KeptReply(502, "application/json", "{\"a\":1}".getBytes(UTF_8));

        end(gateway, acme, call, Kind.ANSWERED, reply);
        end(gateway, acme, call, Kind.ANSWERED, reply);

        for (Life asking : List.of(gateway, beating(joined()))) {
            ClaimReply again = claim(asking, acme, KEY, REQUEST);
            assertThat(again.standing()).isEqualTo(KeyStanding.ANSWERED);
            assertThat(again.callId()).isEqualTo(call);
            KeptReply kept = Objects.requireNonNull(again.reply());
            assertThat(kept.status()).isEqualTo(502);
            assertThat(kept.contentType()).isEqualTo("application/json");
            assertThat(kept.body()).asString(UTF_8).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void aKeyBelongsToOneRequest() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();

        KeyStanding inFlight = claim(gateway, acme, KEY, hash("another")).standing();
        end(gateway, acme, call, Kind.ANSWERED, reply("x"));
        KeyStanding answered = claim(gateway, acme, KEY, hash("another")).standing();

        assertThat(inFlight).isEqualTo(KeyStanding.MISMATCH);
        assertThat(answered).isEqualTo(KeyStanding.MISMATCH);
    }

    @Test
    void theSameKeyOfAnotherTenantIsAnotherKey() {
        TestTenant globex = tenant("idempotency");
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();
        end(gateway, acme, call, Kind.ANSWERED, reply("for acme only"));

        ClaimReply foreign = claim(gateway, globex, KEY, REQUEST);
        end(gateway, globex, call, Kind.UNKNOWN, null);

        assertThat(foreign.standing()).isEqualTo(KeyStanding.NEW);
        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.ANSWERED);
        assertThat(rowsSeenBy(globex)).isEqualTo(1);
        assertThat(app.sql("SELECT count(*) FROM idempotency_key").query(Long.class).single())
                .isZero();
    }

    @Test
    void aReleasedKeyCanBeClaimedByAnotherCall() {
        UUID refused = claim(gateway, acme, KEY, REQUEST).callId();

        end(gateway, acme, refused, Kind.RELEASED, null);

        assertThat(claim(gateway, acme, KEY, hash("corrected")).standing())
                .isEqualTo(KeyStanding.NEW);
    }

    @Test
    void aClaimThatItsOwnReleaseOvertookDoesNotHoldTheKey() {
        ClaimKey late = wish(gateway, acme, KEY, REQUEST);
        end(gateway, acme, late.callId(), Kind.RELEASED, null);

        KeyStanding own = send(gateway, late).standing();

        assertThat(own).isNotEqualTo(KeyStanding.NEW);
        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.NEW);
    }

    @Test
    void aClaimThatComesLateDoesNotTakeWhatAnotherCallHasReleasedSince() {
        ClaimKey late = wish(gateway, acme, KEY, REQUEST);

        KeyStanding standing = standingOnceAnotherCallHadTheKey(late);

        assertThat(standing).isEqualTo(KeyStanding.FREE);
        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.NEW);
    }

    @Test
    void aClaimThatComesLateTakesNoLaterTurn() {
        UUID first = claim(gateway, acme, KEY, REQUEST).callId();
        end(gateway, acme, first, Kind.RELEASED, null);
        ClaimKey late = onItsWay(wish(gateway, acme, KEY, REQUEST));

        KeyStanding standing = standingOnceAnotherCallHadTheKey(late);

        assertThat(standing).isEqualTo(KeyStanding.FREE);
        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.NEW);
    }

    @Test
    void aClaimThatWasGivenUpTakesNoFreeKeyWhenItComesLate() {
        UUID first = claim(gateway, acme, KEY, REQUEST).callId();
        end(gateway, acme, first, Kind.RELEASED, null);
        ClaimKey late = onItsWay(wish(gateway, acme, KEY, REQUEST));
        end(gateway, acme, late.callId(), Kind.RELEASED, null);
        end(gateway, acme, first, Kind.RELEASED, null);

        KeyStanding standing = send(gateway, late).standing();

        assertThat(standing).isNotEqualTo(KeyStanding.NEW);
        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.NEW);
    }

    @Test
    void aClaimThatComesLateTakesNoKeyWhoseTimeIsOverSince() {
        ClaimKey late = wish(gateway, acme, KEY, REQUEST);
        UUID first = claim(gateway, acme, KEY, REQUEST).callId();
        end(gateway, acme, first, Kind.ANSWERED, reply("old"));
        KeyStanding told = send(gateway, late).standing();
        age(acme, "expires_at", Duration.ofHours(25));

        KeyStanding again = send(gateway, late).standing();
        ClaimKey second = onItsWay(wish(gateway, acme, KEY, REQUEST));
        end(gateway, acme, second.callId(), Kind.RELEASED, null);
        KeyStanding givenUp = send(gateway, second).standing();

        assertThat(told).isEqualTo(KeyStanding.ANSWERED);
        assertThat(again).isEqualTo(KeyStanding.FREE);
        assertThat(givenUp).isNotEqualTo(KeyStanding.NEW);
        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.NEW);
    }

    @Test
    void ofManyClaimsOfOneTurnExactlyOneIsNew() throws Exception {
        UUID first = claim(gateway, acme, KEY, REQUEST).callId();
        end(gateway, acme, first, Kind.RELEASED, null);
        List<Callable<KeyStanding>> claims =
                IntStream.range(0, 32)
                        .mapToObj(i -> onItsWay(wish(gateway, acme, KEY, REQUEST)))
                        .map(claim -> (Callable<KeyStanding>) () -> send(gateway, claim).standing())
                        .toList();

        List<KeyStanding> standings = atOnce(claims);

        assertThat(standings).filteredOn(KeyStanding.NEW::equals).hasSize(1);
        assertThat(standings).filteredOn(KeyStanding.IN_FLIGHT::equals).hasSize(31);
    }

    @Test
    void aReleaseThatComesTooLateChangesNothing() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();
        end(gateway, acme, call, Kind.ANSWERED, reply("x"));

        end(gateway, acme, call, Kind.RELEASED, null);
        end(gateway, acme, UUID.randomUUID(), Kind.RELEASED, null);
        end(gateway, acme, UUID.randomUUID(), Kind.ANSWERED, reply("y"));

        ClaimReply again = claim(gateway, acme, KEY, REQUEST);
        assertThat(Objects.requireNonNull(again.reply()).body()).asString(UTF_8).isEqualTo("x");
    }

    @Test
    void whatADeadGatewayHadBegunIsUnknownAndNeverNew() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();

        Life restarted = beating(new Life(gateway.id(), gateway.credential(), UUID.randomUUID()));

        ClaimReply again = claim(restarted, acme, KEY, REQUEST);
        assertThat(again.standing()).isEqualTo(KeyStanding.UNKNOWN);
        assertThat(again.callId()).isEqualTo(call);
        assertThat(claim(restarted, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.UNKNOWN);
    }

    @Test
    void whatASilentGatewayHadBegunIsUnknownUntilItSpeaksAgain() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();

        platform.sql("UPDATE gateway SET last_seen_at = now() - interval '31 seconds' WHERE id = ?")
                .param(gateway.id())
                .update();
        KeyStanding silent = claim(beating(joined()), acme, KEY, REQUEST).standing();
        beating(gateway);
        KeyStanding back = claim(gateway, acme, KEY, REQUEST).standing();
        end(gateway, acme, call, Kind.ANSWERED, reply("late"));

        assertThat(silent).isEqualTo(KeyStanding.UNKNOWN);
        assertThat(back).isEqualTo(KeyStanding.IN_FLIGHT);
        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.ANSWERED);
    }

    @Test
    void aCallThatLastsLongerThanItCanIsUnknown() {
        claim(gateway, acme, KEY, REQUEST);

        age(acme, "over_by", Duration.ofMinutes(2));

        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.UNKNOWN);
    }

    @Test
    void aCallThatWasCutOffIsUnknownUntilItsGatewayKnowsMore() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();

        end(gateway, acme, call, Kind.UNKNOWN, null);
        KeyStanding cutOff = claim(gateway, acme, KEY, REQUEST).standing();
        end(gateway, acme, call, Kind.RELEASED, null);

        assertThat(cutOff).isEqualTo(KeyStanding.UNKNOWN);
        assertThat(claim(gateway, acme, KEY, REQUEST).standing()).isEqualTo(KeyStanding.UNKNOWN);
    }

    @Test
    void repliesUpToTheLimitAreKeptAndLongerOnesAreRefused() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();
        KeptReply longest = reply("y".repeat(KeptReply.LONGEST));
        KeptReply tooLong = reply("y".repeat(KeptReply.LONGEST + 1));

        Answer refused = post(gateway, outcome(acme, call, Kind.ANSWERED, tooLong));
        end(gateway, acme, call, Kind.ANSWERED, longest);

        assertThat(refused.status()).isEqualTo(400);
        ClaimReply again = claim(gateway, acme, KEY, REQUEST);
        assertThat(Objects.requireNonNull(again.reply()).body()).hasSize(KeptReply.LONGEST);
    }

    @Test
    void anAnswerThatIsNotKeptIsStillNeverExecutedAgain() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();

        end(gateway, acme, call, Kind.ANSWERED, null);

        ClaimReply again = claim(gateway, acme, KEY, REQUEST);
        assertThat(again.standing()).isEqualTo(KeyStanding.NOT_KEPT);
        assertThat(again.reply()).isNull();
    }

    @Test
    void oneTenantsRepliesTakeABoundedRoom() {
        TestTenant globex = tenant("idempotency");
        List<KeyStanding> standings =
                IntStream.range(0, 4)
                        .mapToObj(i -> {
                            String key = hash("big " + i);
                            UUID call = claim(gateway, acme, key, REQUEST).callId();
                            end(gateway, acme, key, call, reply("y".repeat(KeptReply.LONGEST)));
                            return claim(gateway, acme, key, REQUEST).standing();
                        })
                        .toList();
        UUID call = claim(gateway, globex, KEY, REQUEST).callId();
        end(gateway, globex, call, Kind.ANSWERED, reply("z"));

        assertThat(standings)
                .containsExactly(
                        KeyStanding.ANSWERED,
                        KeyStanding.ANSWERED,
                        KeyStanding.ANSWERED,
                        KeyStanding.NOT_KEPT);
        assertThat(claim(gateway, globex, KEY, REQUEST).standing()).isEqualTo(KeyStanding.ANSWERED);
    }

    @Test
    void neitherReplyNorKeyNorRequestCanBeReadFromTheTable() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();

        end(gateway, acme, call, Kind.ANSWERED, reply("the secret of the reply"));

        String row =
                TenantScope.call(
                        acme.id(),
                        () ->
                                transactions.execute(status ->
                                        app.sql(
                                                        """
                                                        SELECT encode(reply, 'escape')
                                                            || k::text
                                                        FROM idempotency_key k
                                                        """)
                                                .query(String.class)
                                                .single()));
        assertThat(row).doesNotContain("the secret").doesNotContain(KEY).doesNotContain(REQUEST);
        assertThat(row).doesNotContain(HexFormat.of().formatHex("the secret".getBytes(UTF_8)));
    }

    @Test
    void aReplyIsSealedForItsOwnCall() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();
        end(gateway, acme, call, Kind.ANSWERED, reply("for one call"));

        run(acme, "UPDATE idempotency_key SET call_id = '" + UUID.randomUUID() + "'");

        assertThat(internalHttp().post(CLAIMS, gateway.credential(), wish(gateway, acme)).status())
                .isEqualTo(500);
    }

    @Test
    void aKeyThatIsTooOldIsNewAgainAndIsRemoved() {
        UUID call = claim(gateway, acme, KEY, REQUEST).callId();
        end(gateway, acme, call, Kind.ANSWERED, reply("old"));
        age(acme, "expires_at", Duration.ofHours(25));

        KeyStanding late = claim(gateway, acme, KEY, hash("another")).standing();
        age(acme, "expires_at", Duration.ofHours(25));
        while (expiry.removeBatch() > 0) {
            assertThat(rowsSeenBy(acme)).isLessThan(2);
        }

        assertThat(late).isEqualTo(KeyStanding.NEW);
        assertThat(rowsSeenBy(acme)).isZero();
    }

    @Test
    void onlyGatewaysAskAndOnlyInWellFormedWords() {
        String node = credentials.issue(MemberRole.NODE, UUID.randomUUID());
        ClaimKey shortKey =
                new ClaimKey(
                        acme.id(),
                        "ab",
                        REQUEST,
                        UUID.randomUUID(),
                        gateway.incarnation(),
                        1_000,
                        null);

        assertThat(internalHttp().post(CLAIMS, node, wish(gateway, acme)).status()).isEqualTo(403);
        assertThat(internalHttp().post(CLAIMS, "atm_none", wish(gateway, acme)).status())
                .isEqualTo(401);
        assertThat(internalHttp().post(CLAIMS, gateway.credential(), shortKey).status())
                .isEqualTo(400);
        assertThat(http().post(CLAIMS, acme.ownerToken(), wish(gateway, acme)).status())
                .isEqualTo(404);
    }

    private Life joined() {
        UUID id = UUID.randomUUID();
        platform.sql("INSERT INTO gateway (id, name) VALUES (?, ?)")
                .params(id, id.toString())
                .update();
        return new Life(id, credentials.issue(MemberRole.GATEWAY, id), UUID.randomUUID());
    }

    private Life beating(Life life) {
        Answer answer =
                internalHttp()
                        .post(
                                "/internal/v1/gateways/heartbeat",
                                life.credential(),
                                new GatewayHeartbeat(0, 0, 0, life.incarnation()));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return life;
    }

    private static <T> List<T> atOnce(List<Callable<T>> questions) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(questions).stream().map(Future::resultNow).toList();
        }
    }

    private static ClaimKey wish(Life life, TestTenant tenant) {
        return wish(life, tenant, KEY, REQUEST);
    }

    private static ClaimKey wish(Life life, TestTenant tenant, String key, String request) {
        return new ClaimKey(
                tenant.id(), key, request, UUID.randomUUID(), life.incarnation(), 60_000, null);
    }

    /** As a gateway claims: once more, when it is told that the key is free. */
    private ClaimReply claim(Life life, TestTenant tenant, String key, String request) {
        ClaimKey wish = wish(life, tenant, key, request);
        ClaimReply reply = send(life, wish);
        return reply.standing() == KeyStanding.FREE ? send(life, wish.inTurn(reply.turn())) : reply;
    }

    /**
     * What a copy of the claim is told that comes when another call had the key and released it.
     */
    private KeyStanding standingOnceAnotherCallHadTheKey(ClaimKey late) {
        UUID holder = claim(gateway, acme, KEY, REQUEST).callId();
        assertThat(send(gateway, late).standing()).isEqualTo(KeyStanding.IN_FLIGHT);
        end(gateway, acme, holder, Kind.RELEASED, null);
        return send(gateway, late).standing();
    }

    /** A claim of the free key, which is still on its way. */
    private ClaimKey onItsWay(ClaimKey wish) {
        ClaimReply told = send(gateway, wish);
        assertThat(told.standing()).isEqualTo(KeyStanding.FREE);
        return wish.inTurn(told.turn());
    }

    private ClaimReply send(Life life, ClaimKey wish) {
        Answer answer = internalHttp().post(CLAIMS, life.credential(), wish);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(ClaimReply.class);
    }

    private static KeptReply reply(String body) {
        return new KeptReply(200, "application/json", body.getBytes(UTF_8));
    }

    private static KeyOutcome outcome(
            TestTenant tenant, UUID call, Kind kind, @Nullable KeptReply reply) {
        return new KeyOutcome(tenant.id(), KEY, call, kind, reply);
    }

    private void end(
            Life life, TestTenant tenant, UUID call, Kind kind, @Nullable KeptReply reply) {
        Answer answer = post(life, outcome(tenant, call, kind, reply));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void end(Life life, TestTenant tenant, String key, UUID call, KeptReply reply) {
        KeyOutcome outcome = new KeyOutcome(tenant.id(), key, call, Kind.ANSWERED, reply);
        assertThat(post(life, outcome).status()).isEqualTo(200);
    }

    private Answer post(Life life, KeyOutcome outcome) {
        return internalHttp().post(OUTCOMES, life.credential(), new KeyOutcomes(List.of(outcome)));
    }

    private void age(TestTenant tenant, String column, Duration by) {
        run(
                tenant,
                "UPDATE idempotency_key SET %s = %s - interval '%d seconds'"
                        .formatted(column, column, by.toSeconds()));
    }

    private void run(TestTenant tenant, String sql) {
        TenantScope.run(
                tenant.id(),
                () -> transactions.executeWithoutResult(status -> app.sql(sql).update()));
    }

    private long rowsSeenBy(TestTenant tenant) {
        return TenantScope.call(
                tenant.id(),
                () ->
                        transactions.execute(status ->
                                app.sql("SELECT count(*) FROM idempotency_key")
                                        .query(Long.class)
                                        .single()));
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
