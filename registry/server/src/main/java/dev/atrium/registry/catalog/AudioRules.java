package dev.atrium.registry.catalog;

import static dev.atrium.registry.catalog.SettingsRules.invalid;
import static dev.atrium.registry.catalog.SettingsRules.requireBetween;
import static dev.atrium.registry.catalog.SettingsRules.requireOneOf;
import static dev.atrium.registry.catalog.SettingsRules.requireRange;
import static dev.atrium.registry.catalog.SettingsRules.requireText;

import dev.atrium.registry.api.catalog.AudioSettings;
import dev.atrium.registry.api.catalog.CtcSettings;
import dev.atrium.registry.api.catalog.MelSettings;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What settings may say of recordings and of the text in them. */
final class AudioRules {
    private static final int DEFAULT_RATE = 16_000;
    private static final int LEAST_RATE = 1_000;
    private static final int MOST_RATE = 192_000;
    private static final int MOST_SECONDS = 600;
    private static final int MOST_SAMPLES = 10_000_000;
    private static final int MOST_FFT = 8_192;
    private static final int MOST_BANDS = 512;
    private static final int MOST_TOKENS = 100_000;
    private static final double LARGEST = 1e9;
    private static final double SMALLEST = 1e-30;
    private static final double SMALLEST_DIVISOR = 1e-9;

    private AudioRules() {}

    static void check(VersionSettings settings) {
        if (settings.audio() != null) {
            check(settings.audio());
        }
        if (settings.ctc() != null) {
            check(settings.ctc());
        }
    }

    private static void check(AudioSettings audio) {
        int rate = checkedRate(audio);
        requireBetween("audio.seconds", audio.seconds(), 0.01, audio.longestSeconds());
        requireOneOf("audio.features", audio.features(), "waveform", "log-mel", "mfcc");
        requireOneOf("audio.layout", audio.layout(), "bands-frames", "frames-bands");
        requireOneOf("audio.normalize", audio.normalize(), "none", "recording", "band");
        boolean isWaveform = audio.features() == null || audio.features().equals("waveform");
        if (isWaveform) {
            checkWaveform(audio);
        }
        boolean isMfcc = "mfcc".equals(audio.features());
        MelSettings mel = audio.mel() == null ? MelSettings.DEFAULT : audio.mel();
        checkFrames(mel);
        checkBands(mel, rate, isMfcc);
        int width = isWaveform ? 1 : width(mel, isMfcc);
        requireNumbers("audio.mean", audio.mean(), width, -LARGEST);
        requireNumbers("audio.std", audio.std(), width, SMALLEST_DIVISOR);
    }

    private static int checkedRate(AudioSettings audio) {
        requireRange("audio.sampleRate", audio.sampleRate(), MOST_RATE);
        int rate = audio.sampleRate() == null ? DEFAULT_RATE : audio.sampleRate();
        if (rate < LEAST_RATE) {
            throw invalid("audio.sampleRate", "is " + rate + " but must be at least " + LEAST_RATE);
        }
        requireRange("audio.maxSeconds", audio.maxSeconds(), MOST_SECONDS);
        if ((long) rate * audio.longestSeconds() > MOST_SAMPLES) {
            throw invalid(
                    "audio.maxSeconds",
                    "times the sample rate is more than " + MOST_SAMPLES + " samples");
        }
        return rate;
    }

    private static void checkWaveform(AudioSettings audio) {
        if (audio.mel() != null || audio.layout() != null) {
            throw invalid(
                    audio.mel() == null ? "audio.layout" : "audio.mel",
                    "is for the features log-mel and mfcc");
        }
        if ("band".equals(audio.normalize())) {
            throw invalid("audio.normalize", "is 'band', but a waveform has none");
        }
    }

    private static int width(MelSettings mel, boolean isMfcc) {
        return isMfcc ? orElse(mel.coefficients(), 13) : orElse(mel.bands(), 80);
    }

    private static int orElse(@Nullable Integer set, int otherwise) {
        return set == null ? otherwise : set;
    }

    private static void checkFrames(MelSettings mel) {
        requireBetween("audio.mel.preEmphasis", mel.preEmphasis(), 0, 1);
        requireOneOf("audio.mel.window", mel.window(), "hann", "hamming", "rectangular");
        requireRange("audio.mel.windowLength", mel.windowLength(), MOST_FFT);
        requireRange("audio.mel.hopLength", mel.hopLength(), MOST_FFT);
        requireRange("audio.mel.fftSize", mel.fftSize(), MOST_FFT);
        int window = orElse(mel.windowLength(), 1);
        if (mel.fftSize() != null && mel.fftSize() < window) {
            throw invalid("audio.mel.fftSize", "is less than the window's " + window + " samples");
        }
        requireOneOf("audio.mel.edges", mel.edges(), "reflect", "zeros", "none");
        requireRange("audio.mel.power", mel.power(), 2);
    }

    private static void checkBands(MelSettings mel, int rate, boolean isMfcc) {
        requireRange("audio.mel.bands", mel.bands(), MOST_BANDS);
        requireOneOf("audio.mel.scale", mel.scale(), "slaney", "htk");
        requireOneOf("audio.mel.norm", mel.norm(), "slaney", "none");
        double half = rate / 2.0;
        requireBetween("audio.mel.maxFrequency", mel.maxFrequency(), 1, half);
        double most = mel.maxFrequency() == null ? half : mel.maxFrequency();
        requireBetween("audio.mel.minFrequency", mel.minFrequency(), 0, most - 1);
        checkLog(mel);
        requireRange("audio.mel.coefficients", mel.coefficients(), orElse(mel.bands(), 80));
        if (mel.coefficients() != null && !isMfcc) {
            throw invalid("audio.mel.coefficients", "are for the features mfcc");
        }
    }

    private static void checkLog(MelSettings mel) {
        requireOneOf("audio.mel.log", mel.log(), "db", "natural", "log10", "none");
        requireBetween("audio.mel.floor", mel.floor(), SMALLEST, 1);
        requireOneOf("audio.mel.floorRule", mel.floorRule(), "max", "add");
        requireBetween("audio.mel.topDb", mel.topDb(), 1, 1_000);
        if ("none".equals(mel.log())) {
            requireNoLog("audio.mel.topDb", mel.topDb());
            requireNoLog("audio.mel.floor", mel.floor());
            requireNoLog("audio.mel.floorRule", mel.floorRule());
        }
    }

    private static void requireNoLog(String member, @Nullable Object value) {
        if (value != null) {
            throw invalid(
                    member,
                    "is "
                            + value
                            + ", which means nothing where 'settings.audio.mel.log' is none: leave"
                            + " one of them out");
        }
    }

    private static void requireNumbers(
            String member, @Nullable List<Double> numbers, int width, double least) {
        if (numbers == null) {
            return;
        }
        if (numbers.size() != 1 && numbers.size() != width) {
            throw invalid(member, "must have one number" + (width == 1 ? "" : ", or " + width));
        }
        for (Double number : numbers) {
            requireBetween(member, number == null ? Double.NaN : number, least, LARGEST);
        }
    }

    private static void check(CtcSettings ctc) {
        if (ctc.vocabulary() != null) {
            requireTokens("ctc.vocabulary", ctc.vocabulary(), 2);
        }
        if (ctc.silent() != null) {
            requireTokens("ctc.silent", ctc.silent(), 0);
        }
        if (ctc.wordDelimiter() != null) {
            requireText("ctc.wordDelimiter", ctc.wordDelimiter());
        }
        int last = ctc.vocabulary() == null ? MOST_TOKENS : ctc.vocabulary().size();
        Integer blank = ctc.blank();
        if (blank != null && (blank < 0 || blank > last)) {
            throw invalid("ctc.blank", "is " + blank + " but must be 0 to " + last);
        }
    }

    private static void requireTokens(String member, List<String> tokens, int least) {
        if (tokens.size() < least || tokens.size() > MOST_TOKENS) {
            throw invalid(
                    member,
                    "has "
                            + tokens.size()
                            + " tokens but must have "
                            + least
                            + " to "
                            + MOST_TOKENS);
        }
        for (int i = 0; i < tokens.size(); i++) {
            requireText(member + "[" + i + "]", tokens.get(i));
        }
    }
}
