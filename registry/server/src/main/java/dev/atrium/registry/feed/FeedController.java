package dev.atrium.registry.feed;

import dev.atrium.registry.api.feed.FeedPage;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What gateways ask all the time. */
@RestController
class FeedController {
    private final FeedLog feed;
    private final FeedWatch watch;
    private final FeedProperties properties;

    FeedController(FeedLog feed, FeedWatch watch, FeedProperties properties) {
        this.feed = feed;
        this.watch = watch;
        this.properties = properties;
    }

    @GetMapping("/internal/v1/feed")
    FeedPage read(
            @RequestParam(required = false) @Nullable UUID epoch,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "0") long waitMillis)
            throws InterruptedException {
        FeedPage page = feed.read(epoch, after);
        long wait = Math.min(waitMillis, properties.maxWait().toMillis());
        if (wait <= 0 || page.full() || !page.entries().isEmpty()) {
            return page;
        }
        watch.awaitNewer(page.revision(), Duration.ofMillis(wait));
        return feed.read(epoch, after);
    }
}
