package dev.atrium.registry.authorization;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The public keys for gateways, on the port that they can reach. */
@RestController
class InternalJwksController {
    private final SigningKeys keys;

    InternalJwksController(SigningKeys keys) {
        this.keys = keys;
    }

    @GetMapping(path = "/internal/v1/jwks", produces = MediaType.APPLICATION_JSON_VALUE)
    String read() {
        return keys.published().toString(true);
    }
}
