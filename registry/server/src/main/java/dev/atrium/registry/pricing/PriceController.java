package dev.atrium.registry.pricing;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.FreeUse;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.util.List;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the caller's tenant pays. */
@RestController
class PriceController {
    private final TenantPrices prices;

    PriceController(TenantPrices prices) {
        this.prices = prices;
    }

    @GetMapping("/api/v1/prices")
    @PreAuthorize("hasAnyAuthority('SCOPE_models:read', 'SCOPE_usage:read')")
    Page<PriceEntry> list(Caller caller, PageRequest page) {
        return prices.list(caller.tenantId(), page);
    }

    @GetMapping("/api/v1/prices/free-use")
    @PreAuthorize("hasAnyAuthority('SCOPE_models:read', 'SCOPE_usage:read')")
    List<FreeUse> freeUse(Caller caller) {
        return prices.freeUse(caller.tenantId());
    }
}
