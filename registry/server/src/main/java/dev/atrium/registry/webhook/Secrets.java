package dev.atrium.registry.webhook;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.secret.MasterKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.stereotype.Component;

/** Secrets of webhooks; sealed for one tenant, so that no other one's can take its place. */
@Component
class Secrets {
    private static final int BYTES = 32;

    private final MasterKey masterKey;
    private final SecureRandom random = new SecureRandom();

    Secrets(MasterKey masterKey) {
        this.masterKey = masterKey;
    }

    String generate() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return "whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    byte[] seal(TenantId tenant, String secret) {
        return masterKey.encrypt(purpose(tenant), secret.getBytes(StandardCharsets.UTF_8));
    }

    /** The key of signatures. */
    byte[] open(TenantId tenant, byte[] sealed) {
        return masterKey.decrypt(purpose(tenant), sealed);
    }

    private static String purpose(TenantId tenant) {
        return "webhook secret of " + tenant;
    }
}
