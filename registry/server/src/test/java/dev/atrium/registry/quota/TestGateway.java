package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryClient;
import dev.atrium.registry.api.node.GatewayHeartbeat;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.machine.MachineCredentials;
import java.util.List;
import java.util.UUID;

/** One life of a gateway as the registry sees it. */
public record TestGateway(RegistryClient internal, UUID id, String credential, UUID incarnation) {
    public static TestGateway join(RegistryClient internal, MachineCredentials credentials) {
        UUID id = UUID.randomUUID();
        return new TestGateway(
                internal, id, credentials.issue(MemberRole.GATEWAY, id), UUID.randomUUID());
    }

    /** The same gateway after a restart. */
    public TestGateway restarted() {
        return new TestGateway(internal, id, credential, UUID.randomUUID());
    }

    /** Says that it lives, as each life does before it asks for anything. */
    public TestGateway beating() {
        Answer answer =
                internal.post(
                        "/internal/v1/gateways/heartbeat",
                        credential,
                        new GatewayHeartbeat(0, 0, 0, incarnation));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return this;
    }

    /** The same life, talking to another registry. */
    public TestGateway at(RegistryClient other) {
        return new TestGateway(other, id, credential, incarnation);
    }

    public static LeaseWish wish(PolicyId policy, long atLeast, long want) {
        return new LeaseWish(policy, null, null, atLeast, want, 0, 0);
    }

    /** Says of a lease what was given back of it in all. */
    public static LeaseWish returning(LeaseState lease, long returned) {
        return new LeaseWish(
                lease.policyId(), lease.windowStart(), lease.leaseId(), 0, 0, returned, 0);
    }

    public LeaseState ask(PolicyId policy, long atLeast, long want) {
        return send(wish(policy, atLeast, want));
    }

    public LeaseState send(LeaseWish wish) {
        return send(false, List.of(wish)).leases().getFirst();
    }

    public LeaseReply send(boolean formerLivesShipped, List<LeaseWish> wishes) {
        Answer answer =
                internal.post(
                        "/internal/v1/leases",
                        credential,
                        new LeaseRequest(incarnation, formerLivesShipped, wishes));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(LeaseReply.class);
    }

    public RecallPage recalls(long after, long waitMillis) {
        Answer answer =
                internal.get(
                        "/internal/v1/leases/recalls?after=" + after + "&waitMillis=" + waitMillis,
                        credential);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(RecallPage.class);
    }

    public ShipUsageReply ship(UsageRecord... settled) {
        return ship(List.of(settled), List.of());
    }

    public ShipUsageReply ship(List<UsageRecord> settled, List<OpenCall> orphans) {
        Answer answer =
                internal.post("/internal/v1/usage", credential, new ShipUsage(settled, orphans));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(ShipUsageReply.class);
    }
}
