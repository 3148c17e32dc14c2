package dev.atrium.portal.usage;

import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.Scope;
import java.util.HashMap;
import java.util.Map;

/** Names the keys and users that calls are booked on, as far as the reader may see them. */
final class CallerNames {
    private final Map<String, String> names = new HashMap<>();

    private CallerNames() {}

    static CallerNames load(RegistryApiKeys keys, CurrentUser currentUser) {
        CallerNames known = new CallerNames();
        Me me = currentUser.get();
        known.names.put(me.principalId(), me.displayName());
        if (currentUser.may(Scope.KEYS_MANAGE)) {
            keys.all().forEach(key -> known.names.put(key.id(), key.name()));
        }
        return known;
    }

    /** The name, or the id itself when it is not known. */
    String of(String principalId) {
        return names.getOrDefault(principalId, principalId);
    }

    boolean knows(String principalId) {
        return names.containsKey(principalId);
    }
}
