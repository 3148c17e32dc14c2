package dev.atrium.registry.pricing;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.AssignPriceList;
import dev.atrium.registry.api.pricing.CreatePriceEntry;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.tenancy.TenantService;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The platform's price lists. */
@RestController
@RequestMapping("/api/v1/admin")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class PriceListController {
    private final PriceListService lists;
    private final TenantService tenants;

    PriceListController(PriceListService lists, TenantService tenants) {
        this.lists = lists;
        this.tenants = tenants;
    }

    @GetMapping("/price-lists")
    Page<PriceList> list(PageRequest page) {
        return lists.list(page);
    }

    @PostMapping("/price-lists")
    @ResponseStatus(HttpStatus.CREATED)
    PriceList create(Caller caller, @RequestBody CreatePriceList wish) {
        return lists.create(wish, caller);
    }

    @GetMapping("/price-lists/{id}")
    PriceList get(@PathVariable UUID id) {
        return lists.get(new PriceListId(id));
    }

    @PutMapping("/price-lists/{id}/default")
    PriceList makeDefault(Caller caller, @PathVariable UUID id) {
        return lists.makeDefault(new PriceListId(id), caller);
    }

    @GetMapping("/price-lists/{id}/prices")
    Page<PriceEntry> prices(@PathVariable UUID id, PageRequest page) {
        return lists.entries(new PriceListId(id), page);
    }

    @PostMapping("/price-lists/{id}/prices")
    @ResponseStatus(HttpStatus.CREATED)
    PriceEntry add(Caller caller, @PathVariable UUID id, @RequestBody CreatePriceEntry wish) {
        return lists.add(new PriceListId(id), wish, caller);
    }

    @DeleteMapping("/price-lists/{id}/prices/{price}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void withdraw(@PathVariable UUID id, @PathVariable UUID price) {
        lists.withdraw(new PriceListId(id), new PriceId(price));
    }

    @GetMapping("/tenants/{tenant}/price-list")
    AssignPriceList assigned(@PathVariable UUID tenant) {
        TenantId id = tenants.get(new TenantId(tenant)).id();
        return new AssignPriceList(lists.ownOf(id).orElse(null));
    }

    @PutMapping("/tenants/{tenant}/price-list")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void assign(Caller caller, @PathVariable UUID tenant, @RequestBody AssignPriceList wish) {
        TenantId id = tenants.get(new TenantId(tenant)).id();
        lists.assignTo(id, wish.listId(), caller);
    }
}
