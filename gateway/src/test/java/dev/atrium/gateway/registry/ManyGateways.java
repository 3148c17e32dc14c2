package dev.atrium.gateway.registry;

/** A gateway that knows of so many, itself included. */
public final class ManyGateways extends Membership {
    private final int count;

    public ManyGateways(int count) {
        super(null, null, null, null, null);
        this.count = count;
    }

    @Override
    public int gateways() {
        return count;
    }
}
