package dev.atrium.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GrantCodecTests {
    private static final String KEY = key((byte) 1);
    private static final String OTHER_KEY = key((byte) 2);

    @Test
    void aSignedGrantComesBackEqual() {
        Grant grant = grant();

        String text = GrantCodec.sign(grant, "k1", KEY);

        assertThat(grant).hasNoNullFieldsOrProperties();
        assertThat(GrantCodec.verify(text, id -> id.equals("k1") ? KEY : null)).contains(grant);
    }

    @Test
    void soDoesOneThatLacksWhatItMay() {
        Grant full = grant();
        Grant bare =
                new Grant(
                        full.callId(),
                        full.attempt(),
                        full.nodeId(),
                        full.tenantId(),
                        full.projectId(),
                        full.principalKind(),
                        full.principalId(),
                        full.modelId(),
                        full.modelName(),
                        full.versionId(),
                        full.version(),
                        full.operation(),
                        full.issuedAt(),
                        full.expiresAt(),
                        full.deadlineMillis(),
                        null,
                        null,
                        null,
                        null);

        assertThat(GrantCodec.verify(GrantCodec.sign(bare, "k1", KEY), id -> KEY)).contains(bare);
    }

    @Test
    void refusesEveryOtherSignature() {
        String text = GrantCodec.sign(grant(), "k1", KEY);

        assertThat(GrantCodec.verify(text, id -> OTHER_KEY)).isEmpty();
        assertThat(GrantCodec.verify(text, id -> null)).isEmpty();
        assertThat(GrantCodec.verify(text.replace(".k1.", ".k2."), id -> KEY)).isEmpty();
        for (int i = 0; i < text.length(); i++) {
            char changed = text.charAt(i) == 'A' ? 'B' : 'A';
            String forged = text.substring(0, i) + changed + text.substring(i + 1);
            // The last character of a base64 text may carry unused bits: same bytes, same grant.
            GrantCodec.verify(forged, id -> KEY).ifPresent(g -> assertThat(g).isEqualTo(grant()));
        }
    }

    @Test
    void refusesWhatIsNoGrant() {
        for (String text :
                new String[] {"", ".", "..", "a.b.c", "a.b", "e30.k1.%%%", "x".repeat(10_000)}) {
            assertThat(GrantCodec.verify(text, id -> KEY)).as(text).isEmpty();
        }
    }

    @Test
    void refusesSignedTextsThatAreNoWholeGrants() {
        for (String json :
                new String[] {
                    "",
                    "[]",
                    "7",
                    "{",
                    "{}",
                    "{\"callId\":null}",
                    "{\"callId\":7}",
                    "{\"callId\":\"x\"}",
                    "{\"attempt\":\"x\"}",
                    "{\"issuedAt\":\"today\"}",
                    "{\"callId\":{\"a\":[1]}}"
                }) {
            assertThat(GrantCodec.verify(signed(json), id -> KEY)).as(json).isEmpty();
        }
    }

    @Test
    void skipsMembersOfLaterReleases() {
        String text = GrantCodec.sign(grant(), "k1", KEY);
        String json =
                new String(
                        Base64.getUrlDecoder().decode(text.substring(0, text.indexOf('.'))),
                        StandardCharsets.UTF_8);

        String later = signed(json.replaceFirst("\\{", "{\"later\":{\"a\":[1,{}]},"));

        assertThat(GrantCodec.verify(later, id -> KEY)).contains(grant());
    }

    private static String signed(String json) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String head = encoder.encodeToString(json.getBytes(StandardCharsets.UTF_8)) + ".k1";
        byte[] mac = GrantSigner.prepared(KEY).doFinal(head.getBytes(StandardCharsets.US_ASCII));
        return head + "." + encoder.encodeToString(mac);
    }

    private static Grant grant() {
        UUID id = UUID.fromString("0199e0a0-0000-7000-8000-000000000001");
        Instant issued = Instant.parse("2026-11-22T10:00:00Z");
        return new Grant(
                id,
                1,
                id,
                id,
                id,
                "API_KEY",
                "abcdabcdabcdabcd",
                id,
                "acme/fashion",
                id,
                3,
                "INFER",
                issued,
                issued.plusSeconds(30),
                60_000,
                128,
                id,
                "cost-centre",
                "AZngoAAAcACAAAAAAAAAAQ1z");
    }

    private static String key(byte fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, fill);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
