package dev.atrium.registry.api.pricing;

/**
 * What calls of one model version cost a tenant from one time to another; never changes.
 *
 * @param currency ISO 4217
 */
public record Price(PriceId id, String currency, UnitPrices units) {
    public long costMicros(Consumption used) {
        return units.costMicros(used);
    }

    public Cost cost(Consumption used) {
        return new Cost(costMicros(used), currency);
    }
}
