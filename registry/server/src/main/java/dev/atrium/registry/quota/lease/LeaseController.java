package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.machine.Machine;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What gateways ask of quotas. */
@RestController
@RequestMapping("/internal/v1/leases")
class LeaseController {
    private final LeaseService leases;
    private final Recalls recalls;

    LeaseController(LeaseService leases, Recalls recalls) {
        this.leases = leases;
        this.recalls = recalls;
    }

    @PostMapping
    LeaseReply answer(Machine gateway, @RequestBody LeaseRequest request)
            throws InterruptedException {
        return leases.answer(gateway.id(), request);
    }

    @GetMapping("/recalls")
    RecallPage recalls(
            Machine gateway,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "0") long waitMillis)
            throws InterruptedException {
        return recalls.read(gateway.id(), after, Duration.ofMillis(Math.max(0, waitMillis)));
    }
}
