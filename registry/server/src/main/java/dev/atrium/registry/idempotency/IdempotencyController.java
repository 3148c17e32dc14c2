package dev.atrium.registry.idempotency;

import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyOutcomes;
import dev.atrium.registry.api.idempotency.KeyOutcomesReply;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.machine.Machine;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What gateways ask and say of keys. */
@RestController
@RequestMapping("/internal/v1/idempotency")
class IdempotencyController {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_TYPE = 255;

    private final IdempotencyService service;

    IdempotencyController(IdempotencyService service) {
        this.service = service;
    }

    @PostMapping("/claims")
    ClaimReply claim(Machine gateway, @RequestBody ClaimKey wish) {
        requireHash("key", wish.key());
        requireHash("fingerprint", wish.fingerprint());
        if (wish.longestMillis() <= 0) {
            throw new InvalidRequestException("'longestMillis' must be positive");
        }
        return service.claim(gateway.id(), wish);
    }

    @PostMapping("/outcomes")
    KeyOutcomesReply end(Machine gateway, @RequestBody KeyOutcomes outcomes) {
        if (outcomes.outcomes().size() > KeyOutcomes.MOST) {
            throw new InvalidRequestException("at most " + KeyOutcomes.MOST + " outcomes");
        }
        outcomes.outcomes().forEach(IdempotencyController::requireComplete);
        return new KeyOutcomesReply(service.end(gateway.id(), outcomes.outcomes()));
    }

    private static void requireComplete(KeyOutcome outcome) {
        if (Stream.of(outcome.tenantId(), outcome.key(), outcome.callId(), outcome.kind())
                .anyMatch(Objects::isNull)) {
            throw new InvalidRequestException(
                    "an outcome needs 'tenantId', 'key', 'callId' and 'kind'");
        }
        requireHash("key", outcome.key());
        KeptReply reply = outcome.reply();
        if (reply != null) {
            requireKeepable(reply);
        }
    }

    private static void requireKeepable(KeptReply reply) {
        String type = reply.contentType();
        if (reply.body() == null || type == null || type.isEmpty()) {
            throw new InvalidRequestException("a reply needs 'contentType' and 'body'");
        }
        if (reply.body().length > KeptReply.LONGEST) {
            throw new InvalidRequestException(
                    "a reply of more than " + KeptReply.LONGEST + " bytes is not kept");
        }
        if (type.length() > LONGEST_TYPE || reply.status() < 200 || reply.status() > 599) {
            throw new InvalidRequestException("a reply's status or content type is not possible");
        }
    }

    private static void requireHash(String member, String value) {
        if (!HASH.matcher(value).matches()) {
            throw new InvalidRequestException("'" + member + "' must be a SHA-256 in hex");
        }
    }
}
