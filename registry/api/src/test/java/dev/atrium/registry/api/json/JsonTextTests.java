package dev.atrium.registry.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTests {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Part(long size, boolean last) {}

    private record Whole(
            UUID id,
            String name,
            long size,
            @Nullable Long other,
            DayOfWeek day,
            Instant moment,
            @Nullable Part part,
            List<Part> parts) {}

    @Test
    void isReadAsWhatWasPut() {
        Whole whole =
                new Whole(
                        UUID.randomUUID(),
                        "a name",
                        Long.MIN_VALUE,
                        7L,
                        DayOfWeek.SUNDAY,
                        Instant.parse("2026-02-28T23:59:59.012345678Z"),
                        new Part(1, true),
                        List.of(new Part(2, false), new Part(3, true)));

        assertThat(JSON.readValue(bytes(whole), Whole.class)).isEqualTo(whole);
    }

    @Test
    void leavesOutWhatIsNull() {
        String text =
                new String(
                        new JsonText()
                                .put("other", (Long) null)
                                .put("name", (String) null)
                                .put("moment", (Instant) null)
                                .put("size", 1)
                                .bytes(),
                        StandardCharsets.UTF_8);

        assertThat(text).isEqualTo("{\"size\":1}");
        assertThat(new JsonText().bytes()).asString().isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "\\", "a\"b\\c", "\u0000\u001f\n", "é 名 🙂", "</script>"})
    void keepsEveryCharacter(String value) {
        byte[] bytes = new JsonText().put("text", value).bytes();

        assertThat(JSON.readTree(bytes).get("text").asString()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1969-12-31T23:59:59.999999999Z",
                "1970-01-01T00:00:00Z",
                "2026-11-23T09:00:00.000000001Z",
                // The same place among the kept seconds.
                "2026-11-23T09:01:04Z",
                "+12026-11-23T09:00:00.5Z"
            })
    void keepsEveryMoment(String moment) {
        Instant value = Instant.parse(moment);

        byte[] bytes = new JsonText().put("at", value).put("again", value).bytes();

        assertThat(JSON.treeToValue(JSON.readTree(bytes).get("at"), Instant.class))
                .isEqualTo(value);
        assertThat(JSON.treeToValue(JSON.readTree(bytes).get("again"), Instant.class))
                .isEqualTo(value);
    }

    private static byte[] bytes(Whole whole) {
        return new JsonText()
                .put("id", whole.id)
                .put("name", whole.name)
                .put("size", whole.size)
                .put("other", whole.other)
                .put("day", whole.day)
                .put("moment", whole.moment)
                .put("part", whole.part, JsonTextTests::part)
                .putAll("parts", whole.parts, JsonTextTests::part)
                .bytes();
    }

    private static void part(JsonText json, Part part) {
        json.put("size", part.size).put("last", part.last);
    }
}
