package dev.atrium.registry.api.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedLeasesTests {
    private static final UUID ONE = UUID.fromString("0199e0a0-0000-7000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("ffffffff-ffff-ffff-ffff-ffffffffffff");

    @Test
    void readsWhatItWrites() {
        String text =
                ReservedLeases.text(
                        List.of(charge(ONE, 0), charge(null, 7), charge(OTHER, 1_234_567)));

        assertThat(ReservedLeases.read(text)).isEqualTo(Map.of(ONE, 0L, OTHER, 1_234_567L));
        assertThat(text).hasSizeLessThan(60);
    }

    @Test
    void saysThatNothingIsReserved() {
        assertThat(ReservedLeases.text(List.of(charge(null, 7)))).isEmpty();
        assertThat(ReservedLeases.read("")).isEmpty();
    }

    @Test
    void saysNothingOfMoreThanAGrantHolds() {
        assertThat(ReservedLeases.text(Collections.nCopies(64, charge(ONE, 1)))).isNotNull();
        assertThat(ReservedLeases.text(Collections.nCopies(65, charge(ONE, 1)))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",",
                "x",
                "AZngoAAAcACAAAAAAAAAAQ",
                "AZngoAAAcACAAAAAAAAAAQ-1",
                "AZngoAAAcACAAAAAAAAAAQzzzzzzzzzzzz",
                "AZngoAAAcACAAAAAAAAAAQzzzzzzzzzzzzzzzzzzzz",
                "AZngoAAAcACAAAAAAAAAA%1",
                "AZngoAAAcACAAAAAAAAAAQ1,",
                "AZngoAAAcACAAAAAAAAAAQ!",
                "AZngoAAAcACAAAAAAAAAAQ1,AZngoAAAcACAAAAAAAAAAQ1"
            })
    void refusesWhatNoGatewaySays(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ReservedLeases.read(text));
    }

    @Test
    void refusesMoreThanAGrantHolds() {
        List<Charge> most =
                IntStream.range(0, 64).mapToObj(i -> charge(new UUID(1, i), 1)).toList();
        String text = ReservedLeases.text(most);

        assertThat(ReservedLeases.read(text)).hasSize(64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReservedLeases.read(text + "," + "AZngoAAAcACAAAAAAAAAAQ1"));
    }

    private static Charge charge(UUID lease, long reserved) {
        return new Charge(new PolicyId(ONE), Instant.EPOCH, Unit.TOKENS, lease, reserved, 0, false);
    }
}
