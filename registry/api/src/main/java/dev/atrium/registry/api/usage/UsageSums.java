package dev.atrium.registry.api.usage;

import java.util.List;

/**
 * What a gateway is told of a tenant's usage.
 *
 * @param sums in the order of the groups, time first
 * @param complete whether there are no more groups than these
 */
public record UsageSums(List<UsageSum> sums, boolean complete) {
    public UsageSums {
        sums = List.copyOf(sums);
    }
}
