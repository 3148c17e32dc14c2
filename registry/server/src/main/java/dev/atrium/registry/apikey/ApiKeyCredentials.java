package dev.atrium.registry.apikey;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.identity.BearerCredentials;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** API keys as credentials of the management API. */
@Component
class ApiKeyCredentials implements BearerCredentials {
    private final ApiKeyUse keys;

    ApiKeyCredentials(ApiKeyUse keys) {
        this.keys = keys;
    }

    @Override
    public boolean recognise(String credential) {
        return credential.startsWith(ApiKeyFormat.PREFIX);
    }

    @Override
    public Optional<Verified> verify(String credential) {
        return keys.authenticate(credential).map(caller -> new Verified(caller, false));
    }
}
