package dev.atrium.registry.api.statement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param currency ISO 4217
 * @param micros millionths of it
 */
public record Money(String currency, long micros) {
    static List<Money> listOf(@Nullable Money money) {
        return money == null ? List.of() : List.of(money);
    }
}
