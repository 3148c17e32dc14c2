package dev.atrium.node.api;

import dev.atrium.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.List;
import tools.jackson.core.JacksonException;

/** What a gateway says of a call to a node. */
public final class GrantTarget implements Target {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                """
                {"callId":"018f0000-0000-7000-8000-000000000001","attempt":1,
                "nodeId":"018f0000-0000-7000-8000-000000000002",
                "tenantId":"018f0000-0000-7000-8000-000000000003",
                "projectId":"018f0000-0000-7000-8000-000000000004",
                "principalKind":"API_KEY","principalId":"k",
                "modelId":"018f0000-0000-7000-8000-000000000005","modelName":"iris",
                "versionId":"018f0000-0000-7000-8000-000000000006","version":3,
                "operation":"INFER","issuedAt":"2026-11-23T10:00:00Z",
                "expiresAt":"2026-11-23T10:01:00.5Z","deadlineMillis":30000,"maxOutputTokens":16,
                "gatewayId":"018f0000-0000-7000-8000-000000000007","label":"a","more":[{}]}
                """
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void read(byte[] input) {
        try {
            GrantReader.read(input);
        } catch (IllegalArgumentException | DateTimeException | JacksonException refused) {
            // What whoever asks takes for a forged grant.
        }
    }
}
