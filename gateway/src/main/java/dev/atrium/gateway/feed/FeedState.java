package dev.atrium.gateway.feed;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.feed.FeedApiKey;
import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.feed.FeedPriceAssignment;
import dev.atrium.registry.api.feed.FeedPriceList;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.feed.FeedTenant;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The entries of the feed as they came, by their id; turned into snapshots by the feed's thread.
 */
final class FeedState {
    private static final Logger LOG = LoggerFactory.getLogger(FeedState.class);

    private final KeyIndex keys;
    private final JsonMapper json =
            JsonMapper.builder().enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL).build();
    private final Map<String, FeedTenant> tenants = new HashMap<>();
    private final Map<String, FeedModel> models = new HashMap<>();
    private final Map<String, FeedReplica> replicas = new HashMap<>();
    private final PolicyIndex policies = new PolicyIndex();
    private final Map<String, PriceBook> priceBooks = new HashMap<>();
    private final Map<String, FeedPriceAssignment> assignments = new HashMap<>();
    private final Set<String> blocked = new HashSet<>();

    /** Keys that no call may use before the snapshot has what came with them. */
    private final Map<String, FeedApiKey> arriving = new LinkedHashMap<>();

    private boolean loading;

    FeedState(KeyIndex keys) {
        this.keys = keys;
    }

    void beginFullLoad() {
        tenants.clear();
        models.clear();
        replicas.clear();
        policies.clear();
        priceBooks.clear();
        assignments.clear();
        blocked.clear();
        arriving.clear();
        loading = true;
        keys.beginFullLoad();
    }

    void endFullLoad() {
        loading = false;
        keys.endFullLoad();
    }

    /** Once the snapshot is in use: a new key's own limits are known before the key is. */
    void admitKeys() {
        arriving.values().forEach(keys::put);
        arriving.clear();
    }

    /**
     * @return whether the snapshot must be made anew
     */
    boolean apply(FeedEntry entry) {
        // Null when the registry is newer and knows kinds that this gateway does not.
        if (entry.kind() == null) {
            return false;
        }
        switch (entry.kind()) {
            case TENANT -> keep(tenants, entry, FeedTenant.class);
            case MODEL -> keep(models, entry, FeedModel.class);
            case REPLICA -> keep(replicas, entry, FeedReplica.class);
            case BLOCKED_PRINCIPAL -> block(entry);
            case API_KEY -> applyKey(entry);
            case QUOTA_POLICY -> keepPolicy(entry);
            case PRICE_LIST -> keepPrices(entry);
            case PRICE_ASSIGNMENT -> keep(assignments, entry, FeedPriceAssignment.class);
        }
        return entry.kind() != FeedKind.API_KEY;
    }

    Snapshot snapshot() {
        Map<TenantId, FeedTenant> tenantsById =
                tenants.values().stream()
                        .collect(Collectors.toUnmodifiableMap(FeedTenant::id, tenant -> tenant));
        Map<ModelName, FeedModel> modelsByName = new HashMap<>();
        models.values().forEach(model -> modelsByName.put(model.name(), model));
        return new Snapshot(
                tenantsById,
                Map.copyOf(modelsByName),
                byVersion(replica -> !replica.loadsFirst()),
                byVersion(FeedReplica::loadsFirst),
                Set.copyOf(blocked),
                policies.byTenant(),
                prices());
    }

    private Map<ModelVersionId, List<FeedReplica>> byVersion(Predicate<FeedReplica> which) {
        return replicas.values().stream()
                .filter(which)
                .collect(
                        Collectors.groupingBy(
                                FeedReplica::versionId, Collectors.toUnmodifiableList()));
    }

    private Prices prices() {
        if (priceBooks.isEmpty()) {
            return Prices.NONE;
        }
        Map<PriceListId, PriceBook> books = new HashMap<>();
        priceBooks.forEach((id, book) -> books.put(new PriceListId(UUID.fromString(id)), book));
        Map<TenantId, PriceListId> own = new HashMap<>();
        PriceListId general = null;
        for (FeedPriceAssignment assignment : assignments.values()) {
            if (assignment.tenantId() == null) {
                general = assignment.listId();
            } else {
                own.put(assignment.tenantId(), assignment.listId());
            }
        }
        return new Prices(Map.copyOf(books), Map.copyOf(own), general);
    }

    private void keepPrices(FeedEntry entry) {
        FeedPriceList list = read(entry, FeedPriceList.class);
        if (list == null) {
            priceBooks.remove(entry.id());
        } else {
            priceBooks.put(entry.id(), new PriceBook(list));
        }
    }

    /** A policy in words that this gateway does not know cannot be enforced by it. */
    private void keepPolicy(FeedEntry entry) {
        FeedPolicy policy = read(entry, FeedPolicy.class);
        if (policy == null) {
            policies.remove(entry.id());
        } else if (policy.unit() == null || policy.window() == null || policy.mode() == null) {
            policies.remove(entry.id());
            LOG.error(
                    "quota policy {} needs a newer gateway and is not enforced by this one",
                    entry.id());
        } else {
            policies.put(entry.id(), policy);
        }
    }

    /** A blocked principal needs no body: being listed is the message. */
    private void block(FeedEntry entry) {
        if (isGone(entry.body())) {
            blocked.remove(entry.id());
        } else {
            blocked.add(entry.id());
        }
    }

    private void applyKey(FeedEntry entry) {
        FeedApiKey key = read(entry, FeedApiKey.class);
        if (key == null) {
            arriving.remove(entry.id());
            keys.remove(entry.id());
        } else if (loading) {
            // A million of them do not wait anywhere; at the start no call is served meanwhile.
            keys.put(key);
        } else {
            arriving.put(entry.id(), key);
        }
    }

    private <T> void keep(Map<String, T> entries, FeedEntry entry, Class<T> type) {
        T value = read(entry, type);
        if (value == null) {
            entries.remove(entry.id());
        } else {
            entries.put(entry.id(), value);
        }
    }

    /** Fails closed: an entry that cannot be read counts as gone. */
    private <T> @Nullable T read(FeedEntry entry, Class<T> type) {
        JsonNode body = entry.body();
        if (body == null || body.isNull()) {
            return null;
        }
        try {
            return json.treeToValue(body, type);
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.error(
                    "feed entry {} {} at revision {} cannot be read and counts as gone",
                    entry.kind(),
                    entry.id(),
                    entry.revision(),
                    e);
            return null;
        }
    }

    private static boolean isGone(@Nullable JsonNode body) {
        return body == null || body.isNull();
    }
}
