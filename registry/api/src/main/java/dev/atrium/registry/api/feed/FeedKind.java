package dev.atrium.registry.api.feed;

/** What a feed entry describes; names the record its body is. */
public enum FeedKind {
    /** {@link FeedTenant} */
    TENANT,
    /** {@link FeedApiKey}; id is the key id */
    API_KEY,
    /** {@link FeedBlockedPrincipal}; present only while blocked */
    BLOCKED_PRINCIPAL,
    /** {@link FeedModel} with its deployed or aliased versions */
    MODEL,
    /** {@link FeedReplica}; present only while READY */
    REPLICA,
    /** {@link FeedPolicy} */
    QUOTA_POLICY,
    /** {@link FeedPriceList} */
    PRICE_LIST,
    /** {@link FeedPriceAssignment}; id is the tenant's, or {@code default} */
    PRICE_ASSIGNMENT
}
