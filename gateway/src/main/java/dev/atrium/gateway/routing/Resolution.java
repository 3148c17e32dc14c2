package dev.atrium.gateway.routing;

import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;

/** What came of a model's name. */
public sealed interface Resolution {
    /** The version that would serve; it may have no READY replica at the moment. */
    record Resolved(FeedModel model, FeedVersion version) implements Resolution {}

    /** No such model or version, or none that this caller may know of: the two look the same. */
    record NotFound() implements Resolution {}

    /** Visible, but not on the key's allow-list. */
    record NotAllowed(FeedModel model) implements Resolution {}

    /** The model exists, but none of its versions is deployed. */
    record NotDeployed(FeedModel model) implements Resolution {}
}
