package dev.atrium.portal.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LanguagesTests {
    /** A whole key as a literal: what follows it is no {@code +}. */
    private static final Pattern USED =
            Pattern.compile(
                    "(?:getTranslation|translate|text|of)\\(\\s*\"([a-z0-9_.]+)\"(?!\\s*\\+)");

    private final Languages languages = new Languages();

    @Test
    void saysTheSameInBothLanguages() throws IOException {
        assertThat(bundle("messages_zh").keySet()).isEqualTo(bundle("messages").keySet());
    }

    @Test
    void takesTheSameValuesInBothLanguages() throws IOException {
        Properties english = bundle("messages");
        Properties chinese = bundle("messages_zh");
        for (String key : english.stringPropertyNames()) {
            assertThat(arguments(chinese.getProperty(key)))
                    .as(key)
                    .isEqualTo(arguments(english.getProperty(key)));
        }
    }

    @Test
    void canFormatEveryText() throws IOException {
        for (String name : new String[] {"messages", "messages_zh"}) {
            bundle(name)
                    .forEach((key, value) ->
                            assertThatCode(() ->
                                            new MessageFormat(value.toString())
                                                    .format(new Object[] {1, 2, 3}))
                                    .as(key.toString())
                                    .doesNotThrowAnyException());
        }
    }

    @Test
    void hasEveryTextThatTheCodeNames() throws IOException {
        Set<Object> known = bundle("messages").keySet();
        Set<String> missing = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher used = USED.matcher(Files.readString(file));
                while (used.find()) {
                    String key = used.group(1);
                    if (key.contains(".") && !known.contains(key)) {
                        missing.add(file.getFileName() + ": " + key);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void speaksEnglishToThoseWhoReadNeither() {
        assertThat(languages.getTranslation("cancel", Locale.FRENCH)).isEqualTo("Cancel");
        assertThat(languages.getTranslation("cancel", Locale.forLanguageTag("zh-TW")))
                .isEqualTo("取消");
    }

    private static Set<String> arguments(String text) {
        return Pattern.compile("\\{(\\d)")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static Properties bundle(String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream in =
                LanguagesTests.class.getResourceAsStream("/" + name + ".properties")) {
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        return properties;
    }
}
