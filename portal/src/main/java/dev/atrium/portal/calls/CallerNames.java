package dev.atrium.portal.calls;

import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.Scope;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names the keys and users that calls are booked on, as far as the reader may see them. */
public final class CallerNames {
    private final Map<String, String> names = new HashMap<>();

    private CallerNames() {}

    public static CallerNames load(RegistryApiKeys keys, CurrentUser currentUser) {
        CallerNames known = new CallerNames();
        Me me = currentUser.get();
        known.names.put(me.principalId(), me.displayName());
        if (currentUser.may(Scope.KEYS_MANAGE)) {
            keys.all().forEach(key -> known.names.put(key.id(), key.name()));
        }
        return known;
    }

    /** The ids of all that have a name, by name. */
    List<String> known() {
        return names.keySet().stream()
                .sorted(Comparator.comparing(this::of, String.CASE_INSENSITIVE_ORDER))
                .toList();
    }

    /** The name, or the id itself when it is not known. */
    public String of(String principalId) {
        return names.getOrDefault(principalId, principalId);
    }

    public boolean knows(String principalId) {
        return names.containsKey(principalId);
    }
}
