package dev.atrium.gateway.web;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Every protocol of the public port by its path; what belongs to none is the first one's. */
@Component
class ApiFamilies {
    private final Map<String, ApiFamily> byPrefix;
    private final ApiFamily fallback;

    ApiFamilies(List<ApiFamily> families) {
        this.byPrefix =
                families.stream().collect(Collectors.toMap(ApiFamily::prefix, Function.identity()));
        this.fallback = families.getFirst();
    }

    /**
     * @param segments of the request's path
     */
    ApiFamily of(List<String> segments) {
        return segments.isEmpty() ? fallback : byPrefix.getOrDefault(segments.getFirst(), fallback);
    }
}
