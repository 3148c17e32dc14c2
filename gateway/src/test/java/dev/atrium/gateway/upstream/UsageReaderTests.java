package dev.atrium.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class UsageReaderTests {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Stream<NodeUsage> usages() {
        NodeUsage full =
                JSON.readValue(
                        """
                        {"inputTokens":1,"outputTokens":2,"computeMicros":3,"cachedInputTokens":6,
                         "media":{"images":7,"audioMillis":8},
                         "energy":{"microjoules":4,"carbonNanograms":5,"method":"MEASURED"}}
                        """,
                        NodeUsage.class);
        return Stream.of(
                full,
                NodeUsage.NONE,
                full.with(new Energy(4, null, EnergyMethod.MODELLED)),
                new NodeUsage(Long.MAX_VALUE, Long.MIN_VALUE, 0));
    }

    @ParameterizedTest
    @MethodSource("usages")
    void readsWhatNodesWrite(NodeUsage usage) {
        assertThat(UsageReader.read(JSON.writeValueAsString(usage))).isEqualTo(usage);
    }

    /** Reading member by member forgets what nobody tells it of. */
    @Test
    void readsEveryMember() {
        String full = JSON.writeValueAsString(usages().findFirst().orElseThrow());

        assertThat(full).doesNotContain("null", ":0");
        assertThat(JSON.readTree(full).size())
                .isEqualTo(NodeUsage.class.getRecordComponents().length);
        assertThat(UsageReader.read(full)).isEqualTo(JSON.readValue(full, NodeUsage.class));
    }

    @Test
    void passesOverWhatItDoesNotKnow() {
        assertThat(UsageReader.read("{\"new\":{\"a\":[1]},\"inputTokens\":7,\"x\":null}"))
                .isEqualTo(new NodeUsage(7, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "null",
                "7",
                "[]",
                "{",
                "{\"inputTokens\":1",
                "{\"inputTokens\":null}",
                "{\"inputTokens\":\"many\"}",
                "{\"inputTokens\":{}}",
                "{\"inputTokens\":1e30}",
                "{\"inputTokens\":9223372036854775808}",
                "{\"energy\":1}",
                "{\"media\":1}",
                "{\"media\":{\"images\":\"many\"}}",
                "{\"energy\":{\"method\":\"GUESSED\"}}",
                "{} {}"
            })
    void refusesWhatIsNoUsage(String text) {
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> UsageReader.read(text));
    }
}
