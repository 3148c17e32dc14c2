package dev.atrium.registry.usage;

import dev.atrium.registry.api.usage.ShipNodeUsage;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.machine.Machine;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What gateways and nodes ship. */
@RestController
@RequestMapping("/internal/v1")
class IntakeController {
    /**
     * @param accepted how many accounts are kept now or were known
     */
    record NodeUsageAccepted(int accepted) {}

    private final Intake intake;
    private final NodeAccounts accounts;

    IntakeController(Intake intake, NodeAccounts accounts) {
        this.intake = intake;
        this.accounts = accounts;
    }

    @PostMapping("/usage")
    ShipUsageReply take(Machine gateway, @RequestBody ShipUsage batch) {
        return intake.take(gateway.id(), batch);
    }

    @PostMapping("/nodes/usage")
    NodeUsageAccepted take(Machine node, @RequestBody ShipNodeUsage batch) {
        return new NodeUsageAccepted(accounts.take(node.id(), batch.records()));
    }
}
