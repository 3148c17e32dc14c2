package dev.atrium.gateway.routing;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.feed.Snapshot;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.pricing.Price;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds models and versions as one caller may see them. */
@Component
public class ModelDirectory {
    private final Feed feed;
    private final Clock clock;

    ModelDirectory(Feed feed, Clock clock) {
        this.feed = feed;
        this.clock = clock;
    }

    /**
     * Resolves a name: the version asked for, else the alias {@code production}, else the highest
     * version with a READY replica, else the highest that a call has loaded, else the highest there
     * is.
     */
    public Resolution resolve(Caller caller, ModelReference reference) {
        Snapshot snapshot = feed.snapshot();
        FeedModel model = find(snapshot, caller, reference.name()).orElse(null);
        if (model == null) {
            return new Resolution.NotFound();
        }
        if (!caller.mayUse(model.name().toString())) {
            return new Resolution.NotAllowed(model);
        }
        if (reference.version() != null) {
            return numbered(model, reference.version())
                    .<Resolution>map(version -> new Resolution.Resolved(model, version))
                    .orElseGet(Resolution.NotFound::new);
        }
        return preferred(snapshot, model)
                .<Resolution>map(version -> new Resolution.Resolved(model, version))
                .orElseGet(() -> new Resolution.NotDeployed(model));
    }

    /**
     * Every model that this caller may call now, by name: visible, allowed, with a replica that is
     * READY or that a call has loaded.
     */
    public List<FeedModel> callable(Caller caller) {
        Snapshot snapshot = feed.snapshot();
        return snapshot.models().stream()
                .filter(model -> isVisible(model, caller))
                .filter(model -> caller.mayUse(model.name().toString()))
                .filter(model -> !callableVersions(snapshot, model).isEmpty())
                .sorted(Comparator.comparing(model -> model.name().toString()))
                .toList();
    }

    /** What a call of this caller costs now; null where nothing says so. */
    public @Nullable Price price(Caller caller, Resolution.Resolved target) {
        return feed.snapshot()
                .price(
                        caller.tenantId(),
                        target.model().name(),
                        target.version().number(),
                        clock.instant());
    }

    /** Versions with a replica that is READY or that a call has loaded, lowest first. */
    public List<FeedVersion> callableVersions(FeedModel model) {
        return callableVersions(feed.snapshot(), model);
    }

    public boolean isReady(FeedVersion version) {
        return feed.snapshot().isReady(version.id());
    }

    private static Optional<FeedModel> find(Snapshot snapshot, Caller caller, String name) {
        return fullName(caller, name)
                .flatMap(snapshot::model)
                .filter(model -> isVisible(model, caller));
    }

    private static Optional<ModelName> fullName(Caller caller, String name) {
        int slash = name.indexOf('/');
        String tenant = slash < 0 ? caller.tenantSlug() : name.substring(0, slash);
        String model = name.substring(slash + 1);
        return ModelName.isValidPart(tenant) && ModelName.isValidPart(model)
                ? Optional.of(new ModelName(tenant, model))
                : Optional.empty();
    }

    private static boolean isVisible(FeedModel model, Caller caller) {
        return model.tenantId().equals(caller.tenantId())
                || switch (model.visibility()) {
                    case PUBLIC -> true;
                    case SHARED -> model.sharedWith().contains(caller.tenantId());
                    case PRIVATE -> false;
                };
    }

    private static Optional<FeedVersion> preferred(Snapshot snapshot, FeedModel model) {
        Integer production = model.aliases().get(Model.PRODUCTION);
        if (production != null) {
            return version(model, production);
        }
        FeedVersion best = null;
        int bestRank = -1;
        for (FeedVersion version : model.versions()) {
            int rank = rank(snapshot, version);
            if (rank > bestRank || (rank == bestRank && isHigher(version, best))) {
                best = version;
                bestRank = rank;
            }
        }
        return Optional.ofNullable(best);
    }

    private static int rank(Snapshot snapshot, FeedVersion version) {
        if (snapshot.isReady(version.id())) {
            return 2;
        }
        return snapshot.isCallable(version.id()) ? 1 : 0;
    }

    private static boolean isHigher(FeedVersion version, @Nullable FeedVersion best) {
        return best == null || version.number() > best.number();
    }

    private static List<FeedVersion> callableVersions(Snapshot snapshot, FeedModel model) {
        return model.versions().stream()
                .filter(version -> snapshot.isCallable(version.id()))
                .sorted(Comparator.comparingInt(FeedVersion::number))
                .toList();
    }

    private static Optional<FeedVersion> numbered(FeedModel model, String text) {
        Integer number = number(text);
        return number == null ? Optional.empty() : version(model, number);
    }

    private static Optional<FeedVersion> version(FeedModel model, int number) {
        return model.versions().stream().filter(each -> each.number() == number).findFirst();
    }

    private static @Nullable Integer number(String text) {
        try {
            return text.length() > 9 ? null : Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
