package dev.atrium.portal.registry;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.AssignPriceList;
import dev.atrium.registry.api.pricing.CreatePriceEntry;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.core.type.TypeReference;

/** Price lists of the platform. */
@Service
public class RegistryPrices {
    private static final String LISTS = "/admin/price-lists";

    private final RegistryHttp http;

    RegistryPrices(RegistryHttp http) {
        this.http = http;
    }

    public Page<PriceList> lists(@Nullable String cursor) {
        return http.get(
                Query.of(LISTS).with("cursor", cursor).toString(), new TypeReference<>() {});
    }

    public Optional<PriceList> find(PriceListId id) {
        try {
            return Optional.of(http.get(LISTS + "/" + id, new TypeReference<PriceList>() {}));
        } catch (RegistryException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public PriceList create(CreatePriceList request) {
        return http.send("POST", LISTS, request, new TypeReference<>() {});
    }

    public PriceList makeDefault(PriceListId list) {
        return http.send("PUT", LISTS + "/" + list + "/default", null, new TypeReference<>() {});
    }

    public Page<PriceEntry> prices(PriceListId list, @Nullable String cursor) {
        return http.get(
                Query.of(LISTS + "/" + list + "/prices").with("cursor", cursor).toString(),
                new TypeReference<>() {});
    }

    public PriceEntry set(PriceListId list, CreatePriceEntry request) {
        return http.send("POST", LISTS + "/" + list + "/prices", request, new TypeReference<>() {});
    }

    public void withdraw(PriceListId list, PriceId price) {
        http.send("DELETE", LISTS + "/" + list + "/prices/" + price, null);
    }

    public void assign(TenantId tenant, AssignPriceList request) {
        http.send("PUT", "/admin/tenants/" + tenant + "/price-list", request);
    }
}
