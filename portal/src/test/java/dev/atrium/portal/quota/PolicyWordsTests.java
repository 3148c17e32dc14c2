package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.portal.language.Languages;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyWordsTests {
    private static final PolicySubject KEY = new PolicySubject(null, "k1", null);
    private static final ProjectId PROJECT = new ProjectId(UUID.randomUUID());

    private final Languages languages = new Languages();
    private final PolicyWords english = words(Locale.ENGLISH);
    private final PolicyWords chinese = words(Locale.SIMPLIFIED_CHINESE);

    @Test
    void saysALimitInOneSentence() {
        var wanted = wanted(KEY, Unit.REQUESTS, Window.HOUR, 1_000, null, Mode.HARD);

        assertThat(english.sentence(wanted))
                .isEqualTo(
                        "At most 1,000 requests per hour for the key ci-bot; calls beyond it are refused.");
        assertThat(chinese.sentence(wanted)).isEqualTo("密钥 ci-bot最多每小时 1,000 次请求；超出的调用被拒绝。");
    }

    @Test
    void saysHowMuchMayComeAtOnce() {
        var wanted = wanted(null, Unit.TOKENS, Window.MINUTE, 60_000, 5_000L, Mode.DRY_RUN);

        assertThat(english.sentence(wanted))
                .isEqualTo(
                        "At most 60,000 tokens per minute, up to 5,000 of them at once, for the whole tenant; calls beyond it go on and are only counted.");
    }

    @Test
    void suggestsANameThatStaysTrueWhenTheAmountChanges() {
        var wanted = wanted(KEY, Unit.TOKENS, Window.LIFETIME, 5, null, Mode.HARD);

        assertThat(english.suggestedName(wanted))
                .isEqualTo("Tokens (in and out) in total, for the key ci-bot");
        assertThat(chinese.suggestedName(wanted)).isEqualTo("密钥 ci-bot：总计 词元（输入和输出）");
    }

    @Test
    void saysThatNothingIsAllowed() {
        var wanted = wanted(KEY, Unit.REQUESTS, Window.DAY, 0, null, Mode.HARD);

        assertThat(english.sentence(wanted))
                .isEqualTo(
                        "Nothing at all of “requests” for the key ci-bot; every call is refused.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REQUESTS | every call is refused. | 所有调用都被拒绝。",
                "CONCURRENCY | every call is refused. | 所有调用都被拒绝。",
                "COMPUTE_MILLIS | every call is refused. | 所有调用都被拒绝。",
                "INPUT_TOKENS | every call that reads tokens is refused. | 所有读取词元的调用都被拒绝。",
                "OUTPUT_TOKENS | every call that writes tokens is refused. | 所有生成词元的调用都被拒绝。",
                "TOKENS | every call with tokens is refused. | 所有使用词元的调用都被拒绝。",
                "COST_MICROS | every call that costs something, or whose cost is not known, is refused. | 所有产生费用或费用未知的调用都被拒绝。",
                "STORED_BYTES | every upload is refused. | 所有上传都被拒绝。",
                "IMAGES | every call with an image is refused. | 所有含图像的调用都被拒绝。",
                "AUDIO_MILLIS | every call with audio is refused. | 所有含音频的调用都被拒绝。",
            })
    void saysWhichCallsALimitOfNothingRefuses(Unit unit, String english, String chinese) {
        Window window = unit == Unit.CONCURRENCY ? Window.NONE : Window.LIFETIME;
        var wanted = wanted(null, unit, window, 0, null, Mode.HARD);

        assertThat(this.english.sentence(wanted)).endsWith("; " + english);
        assertThat(this.chinese.sentence(wanted)).endsWith("；" + chinese);
    }

    @ParameterizedTest
    @EnumSource(Unit.class)
    void anEmptyLimitThatRefusesNothingDoesNotSaySo(Unit unit) {
        for (Mode mode : List.of(Mode.SOFT, Mode.DRY_RUN)) {
            var wanted = wanted(null, unit, Window.LIFETIME, 0, null, mode);

            assertThat(english.sentence(wanted)).contains("go on").doesNotContain("refused");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REQUESTS | DAY | 1 | 1 request per day",
                "INPUT_TOKENS | MONTH | 0 | 0 input tokens per month",
                "OUTPUT_TOKENS | SECOND | 50 | 50 output tokens per second",
                "TOKENS | LIFETIME | 1000000000000000 | 1,000,000,000,000,000 tokens in total",
                "CONCURRENCY | NONE | 1 | 1 call at the same time",
                "CONCURRENCY | NONE | 32 | 32 calls at the same time",
                "COMPUTE_MILLIS | DAY | 3600000 | 1 hour of compute time per day",
                "COMPUTE_MILLIS | DAY | 5400000 | 90 minutes of compute time per day",
                "COMPUTE_MILLIS | HOUR | 1500 | 1.5 seconds of compute time per hour",
                "COMPUTE_MILLIS | HOUR | 0 | 0 seconds of compute time per hour",
                "IMAGES | DAY | 10000 | 10,000 images per day",
                "IMAGES | MINUTE | 1 | 1 image per minute",
                "AUDIO_MILLIS | MONTH | 3600000 | 1 hour of audio per month",
                "AUDIO_MILLIS | DAY | 90000 | 90 seconds of audio per day",
            })
    void saysAnAmountPerWindow(Unit unit, Window window, long amount, String expected) {
        assertThat(english.amount(unit, window, amount)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Unit.class)
    void hasWordsForEveryUnitWindowAndMode(Unit unit) {
        for (Window window : Window.values()) {
            for (Mode mode : Mode.values()) {
                var wanted = wanted(null, unit, window, 2, null, mode);

                assertThat(english.sentence(wanted)).doesNotContain("quota.").contains("2 ");
                assertThat(chinese.sentence(wanted)).doesNotContain("quota.").contains("2 ");
            }
        }
    }

    @Test
    void namesWhoseCallsCount() {
        var model = new PolicySubject(null, null, new ModelName("acme", "fashion"));

        assertThat(english.subject(PolicySubject.TENANT)).isEqualTo("for the whole tenant");
        assertThat(english.subject(new PolicySubject(PROJECT, null, null)))
                .isEqualTo("for the project Research");
        assertThat(english.subject(model)).isEqualTo("for the model acme/fashion");
        assertThat(english.subject(new PolicySubject(null, "gone", null)))
                .isEqualTo("for the key gone");
    }

    @Test
    void saysHowManyCallsWereRefused() {
        assertThat(english.refused(Mode.HARD, 0)).isEmpty();
        assertThat(english.refused(Mode.HARD, 1)).isEqualTo("1 call refused");
        assertThat(english.refused(Mode.DRY_RUN, 1_200))
                .isEqualTo("1,200 calls would have been refused");
        assertThat(english.refused(Mode.SOFT, 5)).isEmpty();
    }

    private PolicyWords words(Locale locale) {
        return new PolicyWords(
                (key, values) -> languages.getTranslation(key, locale, values),
                locale,
                new SubjectNames(Map.of(PROJECT.toString(), "Research"), Map.of("k1", "ci-bot")));
    }

    private static CreatePolicy wanted(
            PolicySubject subject, Unit unit, Window window, long amount, Long burst, Mode mode) {
        return new CreatePolicy("", subject, unit, window, amount, burst, mode, null);
    }
}
