package dev.atrium.registry.quota.lease;

import java.util.UUID;

/** One life of one gateway's process. */
record Holder(UUID gateway, UUID incarnation) {}
