package dev.atrium.portal.fake;

import dev.atrium.portal.fake.FakeRegistry.Call;
import dev.atrium.registry.api.pricing.AssignPriceList;
import dev.atrium.registry.api.pricing.CreatePriceEntry;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Price lists, by the same rules as the registry's. */
final class FakePrices {
    private static final String LISTS = "/admin/price-lists";
    private static final String ONE = LISTS + "/([^/]+)";

    private FakePrices() {}

    static void register(FakeRegistry registry) {
        registry.route("GET", LISTS, call -> FakeApi.page(call, call.state().priceLists));
        registry.route("POST", LISTS, FakePrices::create);
        registry.route("GET", ONE, FakePrices::find);
        registry.route("PUT", ONE + "/default", FakePrices::makeDefault);
        registry.route(
                "GET",
                ONE + "/prices",
                call ->
                        FakeApi.page(
                                call,
                                call.state().prices.stream()
                                        .filter(it -> it.listId().equals(find(call).id()))
                                        .toList()
                                        .reversed()));
        registry.route("POST", ONE + "/prices", FakePrices::set);
        registry.route("DELETE", ONE + "/prices/([^/]+)", FakePrices::withdraw);
        registry.route("PUT", "/admin/tenants/([^/]+)/price-list", FakePrices::assign);
    }

    private static PriceList find(Call call) {
        return call.state().priceLists.stream()
                .filter(list -> list.id().toString().equals(call.part(1)))
                .findFirst()
                .orElseThrow(FakeApi::absent);
    }

    private static Object create(Call call) {
        CreatePriceList wish = call.body(CreatePriceList.class);
        PriceList made =
                new PriceList(
                        new PriceListId(UUID.randomUUID()),
                        wish.name(),
                        wish.currency(),
                        call.state().priceLists.isEmpty(),
                        0,
                        "user:ada",
                        Instant.now());
        call.state().priceLists.addFirst(made);
        return call.created(made);
    }

    private static Object makeDefault(Call call) {
        PriceList chosen = find(call);
        call.state().priceLists.replaceAll(list -> with(list, list.equals(chosen), list.tenants()));
        return find(call);
    }

    private static PriceList with(PriceList list, boolean isDefault, long tenants) {
        return new PriceList(
                list.id(),
                list.name(),
                list.currency(),
                isDefault,
                tenants,
                list.createdBy(),
                list.createdAt());
    }

    private static Object set(Call call) {
        PriceList list = find(call);
        CreatePriceEntry wish = call.body(CreatePriceEntry.class);
        PriceEntry made =
                new PriceEntry(
                        new PriceId(UUID.randomUUID()),
                        list.id(),
                        list.currency(),
                        wish.model(),
                        wish.version(),
                        Objects.requireNonNullElseGet(wish.effectiveFrom(), Instant::now),
                        wish.prices(),
                        "user:ada",
                        Instant.now());
        call.state().prices.add(made);
        return call.created(made);
    }

    private static Object withdraw(Call call) {
        find(call);
        call.state().prices.removeIf(price -> price.id().toString().equals(call.part(2)));
        return null;
    }

    private static Object assign(Call call) {
        AssignPriceList wish = call.body(AssignPriceList.class);
        call.state()
                .priceLists
                .replaceAll(list ->
                        list.id().equals(wish.listId())
                                ? with(list, list.defaultList(), list.tenants() + 1)
                                : list);
        return null;
    }
}
