package dev.atrium.registry.pricing;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPriceAssignment;
import dev.atrium.registry.api.feed.FeedPriceList;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.CreatePriceEntry;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.feed.FeedPublisher;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Price lists, seen from the platform, which alone may change them. */
@Service
@Transactional("platformTransactionManager")
class PriceListService {
    /** Id of the feed's entry for everybody who has no list of their own. */
    private static final String DEFAULT = "default";

    private final PriceListStore store;
    private final FeedPublisher feed;
    private final AuditLog audit;
    private final Paging paging;
    private final PricingProperties properties;
    private final Clock clock;

    PriceListService(
            PriceListStore store,
            FeedPublisher feed,
            AuditLog audit,
            Paging paging,
            PricingProperties properties,
            Clock clock) {
        this.store = store;
        this.feed = feed;
        this.audit = audit;
        this.paging = paging;
        this.properties = properties;
        this.clock = clock;
    }

    public PriceList create(CreatePriceList wish, Caller caller) {
        String name = PriceRules.name(wish.name());
        String currency = PriceRules.currency(wish.currency());
        store.lock();
        PriceListId id = inserted(name, currency, caller);
        publish(id, currency);
        audit.record("price_list.created", subjectOf(id), name + ", " + currency);
        if (store.assigned(null).isEmpty()) {
            assign(null, id, caller);
        }
        return get(id);
    }

    private PriceListId inserted(String name, String currency, Caller caller) {
        try {
            return store.insert(name, currency, caller.actor());
        } catch (DuplicateKeyException e) {
            throw new PriceListNameTakenException(name);
        }
    }

    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public PriceList get(PriceListId id) {
        return store.find(id).orElseThrow(PriceListNotFoundException::list);
    }

    /** Newest first. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Page<PriceList> list(PageRequest request) {
        Window window = paging.window("price-lists", request);
        return paging.page(
                window,
                store.below(window.below(), window.fetch()),
                list -> list.id().toString(),
                list -> list);
    }

    /** Newest first, former ones too. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Page<PriceEntry> entries(PriceListId list, PageRequest request) {
        get(list);
        Window window = paging.window("prices of " + list, request);
        return paging.page(
                window,
                store.entriesBelow(list, window.below(), window.fetch()),
                entry -> entry.id().toString(),
                entry -> entry);
    }

    public PriceEntry add(PriceListId listId, CreatePriceEntry wish, Caller caller) {
        PriceRules.subject(wish);
        PriceRules.prices(wish.prices());
        store.lock();
        PriceList list = get(listId);
        Instant now = now();
        Instant from = PriceRules.effectiveFrom(wish.effectiveFrom(), now);
        if (store.living(listId, now).size() >= properties.maxPerList()) {
            throw PriceConflictException.tooMany(properties.maxPerList());
        }
        PriceId id;
        try {
            id = store.insert(listId, wish, from, caller.actor());
        } catch (DuplicateKeyException e) {
            throw PriceConflictException.sameTime(from);
        }
        PriceEntry made = store.entry(listId, id).orElseThrow();
        publish(listId, list.currency());
        audit.record("price.set", subjectOf(listId), describe(made));
        return made;
    }

    /** Only before it is in effect. */
    public void withdraw(PriceListId listId, PriceId id) {
        store.lock();
        PriceList list = get(listId);
        PriceEntry entry = store.entry(listId, id).orElseThrow(PriceListNotFoundException::entry);
        Instant now = now();
        if (!entry.effectiveFrom().isAfter(now)) {
            throw PriceConflictException.inEffect(entry.effectiveFrom());
        }
        store.withdraw(id, now);
        publish(listId, list.currency());
        audit.record("price.withdrawn", subjectOf(listId), describe(entry));
    }

    /** From now on every tenant that has no list of its own pays by this one. */
    public PriceList makeDefault(PriceListId id, Caller caller) {
        store.lock();
        get(id);
        assign(null, id, caller);
        return get(id);
    }

    /**
     * @param id null for the list of everybody
     */
    public void assignTo(TenantId tenant, @Nullable PriceListId id, Caller caller) {
        store.lock();
        if (id != null) {
            get(id);
        }
        assign(tenant, id, caller);
    }

    /** The list that is the tenant's own. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Optional<PriceListId> ownOf(TenantId tenant) {
        return store.assigned(tenant);
    }

    private void assign(@Nullable TenantId tenant, @Nullable PriceListId list, Caller caller) {
        store.assign(tenant, list, now(), caller.actor());
        String id = tenant == null ? DEFAULT : tenant.toString();
        if (list == null) {
            feed.remove(FeedKind.PRICE_ASSIGNMENT, id);
        } else {
            feed.publish(FeedKind.PRICE_ASSIGNMENT, id, new FeedPriceAssignment(tenant, list));
        }
        String subject = list == null ? "price_list:default" : subjectOf(list);
        if (tenant == null) {
            audit.record("price_list.made_default", subject, null);
        } else {
            audit.record(tenant, "price_list.assigned", subject, null);
        }
    }

    private void publish(PriceListId id, String currency) {
        List<FeedPriceList.FeedPrice> prices =
                store.living(id, now()).stream()
                        .map(entry ->
                                new FeedPriceList.FeedPrice(
                                        entry.id(),
                                        entry.model(),
                                        entry.version(),
                                        entry.effectiveFrom(),
                                        entry.prices()))
                        .toList();
        feed.publish(FeedKind.PRICE_LIST, id.toString(), new FeedPriceList(id, currency, prices));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static String subjectOf(PriceListId id) {
        return "price_list:" + id;
    }

    private static String describe(PriceEntry entry) {
        return "%s%s from %s on: %s per 1,000,000 in millionths of %s"
                .formatted(
                        entry.model() == null ? "every model" : entry.model(),
                        entry.version() == null ? "" : ":" + entry.version(),
                        entry.effectiveFrom(),
                        entry.prices(),
                        entry.currency());
    }
}
