package dev.atrium.registry.error;

import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Breaks in ways that no real endpoint should. */
@RestController
class FailingController {
    static final String SECRET = "jdbc:postgresql://secret-host/atrium";

    @GetMapping("/api/v1/test/failing")
    String fail() {
        throw new IllegalStateException(SECRET);
    }

    @GetMapping("/api/v1/test/things/{id}")
    UUID read(@PathVariable UUID id) {
        return id;
    }
}
