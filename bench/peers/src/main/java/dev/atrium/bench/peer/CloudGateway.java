package dev.atrium.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Spring Cloud Gateway as one would begin: one route, a key check and a rate limit in memory. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class CloudGateway {
    private static final String BEARER = "Bearer ";
    private static final long NANOS_PER_CALL = 1_000;
    private static final long BURST_NANOS = 1_000_000_000;

    public static void main(String[] arguments) {
        SpringApplication.run(CloudGateway.class, arguments);
    }

    @Bean
    RouteLocator routes(RouteLocatorBuilder routes, @Value("${bench.upstream}") String upstream) {
        return routes.routes().route("upstream", all -> all.path("/**").uri(upstream)).build();
    }

    /** Each key has a bucket, a GCRA in one number. */
    @Bean
    GlobalFilter keys(@Value("${bench.keys}") Path file) throws IOException {
        Map<String, AtomicLong> buckets = new HashMap<>();
        for (String key : Files.readAllLines(file)) {
            buckets.put(key, new AtomicLong(System.nanoTime()));
        }
        return (exchange, chain) -> {
            AtomicLong bucket = bucket(buckets, exchange);
            if (bucket == null) {
                return refuse(exchange, HttpStatus.UNAUTHORIZED);
            }
            return take(bucket)
                    ? chain.filter(exchange)
                    : refuse(exchange, HttpStatus.TOO_MANY_REQUESTS);
        };
    }

    private static @Nullable AtomicLong bucket(
            Map<String, AtomicLong> buckets, ServerWebExchange exchange) {
        String credential = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        return credential == null || !credential.startsWith(BEARER)
                ? null
                : buckets.get(credential.substring(BEARER.length()));
    }

    private static boolean take(AtomicLong bucket) {
        long now = System.nanoTime();
        while (true) {
            long full = bucket.get();
            long next = Math.max(full, now) + NANOS_PER_CALL;
            if (next - now > BURST_NANOS) {
                return false;
            }
            if (bucket.compareAndSet(full, next)) {
                return true;
            }
        }
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status) {
        exchange.getResponse().setStatusCode(status);
        return exchange.getResponse().setComplete();
    }
}
