package dev.atrium.registry.usage.refusal;

import dev.atrium.registry.api.usage.ShipRefusals;
import dev.atrium.registry.api.usage.ShipRefusalsReply;
import dev.atrium.registry.machine.Machine;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/internal/v1/calls/refused")
class RefusalIntakeController {
    private final RefusalIntake intake;

    RefusalIntakeController(RefusalIntake intake) {
        this.intake = intake;
    }

    @PostMapping
    ShipRefusalsReply take(Machine gateway, @RequestBody ShipRefusals batch) {
        return intake.take(gateway.id(), batch);
    }
}
