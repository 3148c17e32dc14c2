package dev.atrium.registry.api.quota;

import java.util.List;

/**
 * {@code GET /internal/v1/leases/recalls?after=&waitMillis=}: recalls of leases that the asking
 * gateway holds.
 *
 * @param sequence ask with {@code after} this next
 */
public record RecallPage(long sequence, List<Recall> recalls) {
    public RecallPage {
        recalls = List.copyOf(recalls);
    }
}
