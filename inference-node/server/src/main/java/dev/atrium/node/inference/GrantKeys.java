package dev.atrium.node.inference;

import dev.atrium.registry.api.node.GrantKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The keys that grants for this node may be signed with; none until the registry has said. */
@Component
public class GrantKeys {
    /** Nodes accept a key this much longer than gateways sign with it. */
    private static final long GRACE_SECONDS = 60;

    private volatile Map<String, GrantKey> keys = Map.of();

    public void replace(List<GrantKey> current) {
        keys =
                current.stream()
                        .collect(
                                Collectors.toMap(
                                        GrantKey::keyId, Function.identity(), (one, same) -> one));
    }

    @Nullable String find(String keyId, Instant now) {
        GrantKey key = keys.get(keyId);
        return key == null || now.isAfter(key.notAfter().plusSeconds(GRACE_SECONDS))
                ? null
                : key.key();
    }
}
