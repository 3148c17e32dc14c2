"""Makes the test fixture audio/: recordings in the formats that nodes decode, features of them, and models that hear.

Features are librosa's, in double precision; resampled signals follow the formula of torchaudio.functional.resample
(sinc_interp_hann, lowpass_filter_width 6, rolloff 0.99). Files are written, and read again for comparison, by libsndfile and
the encoder of libFLAC in it. The models compare with centroids of made-up sounds, so they tell tones apart and nothing else.
"""

import json
import math

import librosa
import numpy as np
import soundfile
from onnx import helper

from common import NODE_TEST_MODELS, float_input, ranked, run_onnx, save_onnx, softmax

AUDIO = NODE_TEST_MODELS / "audio"
SEED = 41
RATE = 16_000
BANDS = 40
CLASSES = ["hum", "whistle", "noise"]
MEL = {"fftSize": 400, "hopLength": 160, "bands": BANDS}
LETTERS = {"a": 500, "b": 1100, "c": 1900, "|": 3100}
VOCABULARY = ["<pad>", *LETTERS]
SPOKEN = "cab|abba"
FILTER = 320
STRIDE = 160


def tone(frequency, seconds, rate, loudness=0.5):
    t = np.arange(int(seconds * rate)) / rate
    return loudness * np.sin(2 * np.pi * frequency * t)


def test_signal():
    """A chirp, a click and a little noise."""
    rng = np.random.default_rng(SEED)
    t = np.arange(1_600) / RATE
    signal = 0.4 * np.sin(2 * np.pi * (300 * t + 15_000 * t * t)) + rng.normal(0, 0.01, t.size)
    signal[700] += 0.5
    return np.round(signal * 32_767).astype(np.int16)


def spoken(rate):
    """Each letter is a tone of 100 ms; 60 ms of silence stand between two of them."""
    parts = [np.zeros(int(0.1 * rate))]
    for letter in SPOKEN:
        parts += [tone(LETTERS[letter], 0.1, rate), np.zeros(int(0.06 * rate))]
    return np.concatenate(parts)


def levels(power, log, floor=1e-10, top_db=None, add=False):
    audible = power + floor if add else np.maximum(power, floor)
    units = {"db": (10 * np.log10(audible), 1), "natural": (np.log(audible), math.log(10) / 10), "log10": (np.log10(audible), 0.1)}
    level, decibel = units[log]
    return level if top_db is None else np.maximum(level, level.max() - top_db * decibel)


def features(samples):
    """Settings as a version has them, and what librosa makes of the signal by them."""
    db = librosa.power_to_db
    whisper = librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=400, hop_length=160, n_mels=80, pad_mode="reflect")
    emphasised = np.append(samples[0], samples[1:] - 0.97 * samples[:-1])
    return {
        "defaults of librosa.feature.melspectrogram and power_to_db": (
            {"features": "log-mel", "mel": {"fftSize": 512, "hopLength": 256, "bands": 24, "edges": "zeros"}},
            db(librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=512, hop_length=256, n_mels=24), top_db=80.0),
        ),
        "HTK scale, window in a longer frame, natural logarithm": (
            {"features": "log-mel", "mel": {"fftSize": 512, "windowLength": 400, "hopLength": 200, "bands": 20, "scale": "htk",
             "log": "natural", "floor": 1e-6, "floorRule": "add", "minFrequency": 50, "maxFrequency": 7000}},
            levels(librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=512, win_length=400, hop_length=200, n_mels=20,
                   htk=True, norm=None, pad_mode="reflect", fmin=50, fmax=7000), "natural", 1e-6, add=True),
        ),
        "as Whisper's feature extractor": (
            {"features": "log-mel", "mean": [-4], "std": [4], "mel": {"log": "log10", "topDb": 80}},
            (levels(whisper, "log10", top_db=80) + 4) / 4,
        ),
        "magnitudes, Hamming window, pre-emphasis, frames within, a length that is no power of two": (
            {"features": "log-mel", "mel": {"fftSize": 401, "hopLength": 150, "bands": 16, "power": 1, "window": "hamming",
             "edges": "none", "preEmphasis": 0.97, "norm": "none"}},
            db(librosa.feature.melspectrogram(y=emphasised, sr=RATE, n_fft=401, hop_length=150, n_mels=16, power=1.0,
               window="hamming", center=False, norm=None), top_db=80.0),
        ),
        "librosa.feature.mfcc": (
            {"features": "mfcc", "mel": {"fftSize": 512, "hopLength": 256, "bands": 40, "coefficients": 20, "edges": "zeros"}},
            librosa.feature.mfcc(y=samples, sr=RATE, n_mfcc=20, n_fft=512, hop_length=256, n_mels=40),
        ),
        "the power itself, at half the overlap, rectangular": (
            {"features": "log-mel", "mel": {"fftSize": 240, "hopLength": 240, "bands": 12, "log": "none", "window": "rectangular"}},
            librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=240, hop_length=240, n_mels=12, window=np.ones(240), pad_mode="reflect"),
        ),
    }


def resampled(samples, rate, to):
    """torchaudio.functional.functional._get_sinc_resample_kernel and _apply_sinc_resample_kernel, without torch."""
    divisor = math.gcd(rate, to)
    orig, new = rate // divisor, to // divisor
    base = min(orig, new) * 0.99
    width = math.ceil(6 * orig / base)
    index = np.arange(-width, width + orig)[None] / orig
    t = np.clip((np.arange(0, -new, -1)[:, None] / new + index) * base, -6, 6)
    window = np.cos(t * math.pi / 6 / 2) ** 2
    kernels = np.sinc(t) * window * base / orig
    padded = np.pad(samples, (width, width + orig))
    steps = (len(padded) - kernels.shape[1]) // orig + 1
    frames = np.stack([padded[i * orig:i * orig + kernels.shape[1]] for i in range(steps)])
    return (frames @ kernels.T).ravel()[:math.ceil(new * len(samples) / orig)]


def write(name, samples, rate, subtype, **more):
    path = AUDIO / name
    soundfile.write(path, samples, rate, subtype=subtype, **more)
    without_date(path)
    read, read_rate = soundfile.read(path, dtype="float64", always_2d=True)
    assert read_rate == rate
    return {"rate": rate, "samples": read.mean(axis=1).round(8).tolist()}


def without_date(path):
    """The chunk with the loudest sample of floats says when it was written."""
    content = bytearray(path.read_bytes())
    peak = content.find(b"PEAK")
    if peak >= 0:
        content[peak + 12:peak + 16] = bytes(4)
        path.write_bytes(content)


def recordings():
    """Every encoding of WAV, and of FLAC what makes its encoder choose each kind of prediction."""
    rng = np.random.default_rng(SEED)
    wave = tone(440, 0.02, 8_000) + rng.normal(0, 0.05, 160)
    stereo = np.stack([wave, np.roll(wave, 3) * 0.8], axis=1)
    files = {}
    for subtype in ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW", "ULAW"]:
        files[f"{subtype.lower()}.wav"] = write(f"{subtype.lower()}.wav", stereo, 8_000, subtype)
    files["extensible.wav"] = write("extensible.wav", stereo, 8_000, "PCM_24", format="WAVEX")
    long = tone(440, 0.2, 22_050) + tone(3_000, 0.2, 22_050, 0.2) + rng.normal(0, 0.001, 4_410)
    both = np.stack([long, long * 0.9 + rng.normal(0, 0.001, long.size)], axis=1)
    files["fixed.flac"] = write("fixed.flac", both[:1_000], 22_050, "PCM_16", compression_level=0.0)
    files["predicted.flac"] = write("predicted.flac", both, 22_050, "PCM_16", compression_level=1.0)
    files["deep.flac"] = write("deep.flac", long[:600], 96_000, "PCM_24", compression_level=0.6)
    files["shallow.flac"] = write("shallow.flac", long[:600], 8_000, "PCM_S8")
    files["noise.flac"] = write("noise.flac", rng.uniform(-1, 1, 500), 44_100, "PCM_16")
    files["wasted.flac"] = write("wasted.flac", np.round(long[:600] * 64) / 64, 11_025, "PCM_16")
    files["silence.flac"] = write("silence.flac", np.zeros((5_000, 2)), 48_000, "PCM_16")
    files["channels.flac"] = write("channels.flac", rng.normal(0, 0.1, (200, 5)), 32_000, "PCM_16")
    return files


def log_mel(samples):
    mel = librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=400, hop_length=160, n_mels=BANDS, pad_mode="reflect")
    return librosa.power_to_db(mel, top_db=80.0)


def hearing_model():
    """Scores are the nearness of the bands' means to those of each class."""
    rng = np.random.default_rng(SEED)
    sounds = [tone(220, 0.5, RATE), tone(2_500, 0.5, RATE), rng.normal(0, 0.2, RATE // 2)]
    centroids = np.stack([log_mel(sound).mean(axis=1) for sound in sounds])
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["means"], axes=[2], keepdims=0),
        helper.make_node("Gemm", ["means", "w", "b"], ["logits"]),
    ]
    weights = {"w": (centroids.T * 4e-5).astype(np.float32), "b": (-2e-5 * (centroids ** 2).sum(axis=1)).astype(np.float32)}
    save_onnx(AUDIO / "hearing.onnx", "hearing", nodes, [float_input("x", ["n", BANDS, "frames"])],
              [float_input("logits", ["n", len(CLASSES)])], weights, "Tells a hum, a whistle and noise apart.")


def spelling_model():
    """A pair of filters for each letter; what none of them hears is blank."""
    t = np.arange(FILTER) / RATE
    pairs = [wave(2 * np.pi * hertz * t) for hertz in LETTERS.values() for wave in (np.cos, np.sin)]
    detectors = (np.stack(pairs)[:, None, :] * np.hanning(FILTER) / FILTER).astype(np.float32)
    joins = np.zeros((len(VOCABULARY), len(pairs), 1), dtype=np.float32)
    for i in range(len(LETTERS)):
        joins[i + 1, 2 * i:2 * i + 2] = 100
    bias = np.zeros(len(VOCABULARY), dtype=np.float32)
    bias[0] = 2.0
    nodes = [
        helper.make_node("Unsqueeze", ["x", "second"], ["signal"]),
        helper.make_node("Conv", ["signal", "detectors"], ["heard"], strides=[STRIDE]),
        helper.make_node("Mul", ["heard", "heard"], ["power"]),
        helper.make_node("Conv", ["power", "joins", "bias"], ["letters"]),
        helper.make_node("Transpose", ["letters"], ["logits"], perm=[0, 2, 1]),
    ]
    weights = {"second": np.array([1], dtype=np.int64), "detectors": detectors, "joins": joins, "bias": bias}
    save_onnx(AUDIO / "spelling.onnx", "spelling", nodes, [float_input("x", ["n", "samples"])],
              [float_input("logits", ["n", "frames", len(VOCABULARY)])], weights, "Spells words of four tones.")


def greedy(logits):
    path = logits[0].argmax(axis=-1)
    kept = [token for i, token in enumerate(path) if token != 0 and (i == 0 or token != path[i - 1])]
    return "".join(VOCABULARY[token] for token in kept).replace("|", " ").strip()


def normalised(samples):
    return (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)


def heard():
    """What the models answer for files; one of them is of another rate than the model."""
    rng = np.random.default_rng(SEED + 1)
    files = {
        "hum.wav": (tone(235, 0.25, RATE), RATE, "PCM_16"),
        "whistle.flac": (np.stack([tone(2_450, 0.25, RATE)] * 2, axis=1), RATE, "PCM_16"),
        "noise8k.wav": (rng.normal(0, 0.1, 2_000), 8_000, "ULAW"),
    }
    expected = {}
    for name, (samples, rate, subtype) in files.items():
        mono = np.array(write(name, samples, rate, subtype)["samples"])
        x = log_mel(resampled(mono, rate, RATE)).astype(np.float32)[None]
        expected[name] = {
            "millis": math.ceil(1_000 * len(mono) / rate),
            "predictions": ranked(softmax(run_onnx(AUDIO / "hearing.onnx", {"x": x}))[0], CLASSES),
        }
    return expected


def understood():
    expected = {}
    for name, rate, subtype in [("spoken.wav", 8_000, "PCM_U8"), ("spoken.flac", RATE, "PCM_16")]:
        mono = np.array(write(name, spoken(rate), rate, subtype)["samples"])
        x = normalised(resampled(mono, rate, RATE)).astype(np.float32)[None]
        text = greedy(run_onnx(AUDIO / "spelling.onnx", {"x": x}))
        assert text == SPOKEN.replace("|", " "), text
        expected[name] = {"millis": math.ceil(1_000 * len(mono) / rate), "text": text}
    return expected


def main():
    AUDIO.mkdir(parents=True, exist_ok=True)
    signal = test_signal()
    samples = signal.astype(np.float64) / 32_768
    hearing_model()
    spelling_model()
    expected = {
        "signal": signal.tolist(),
        "features": [
            {"name": name, "audio": audio, "frames": values.shape[1], "values": values.T.ravel().round(6).tolist()}
            for name, (audio, values) in features(samples).items()
        ],
        "resampled": [
            {"from": rate, "to": to, "values": resampled(samples[:400], rate, to).round(7).tolist()}
            for rate, to in [(44_100, 16_000), (8_000, 16_000), (48_000, 16_000), (16_000, 11_025)]
        ],
        "files": recordings(),
        "classes": CLASSES,
        "vocabulary": VOCABULARY,
        "mel": MEL,
        "heard": heard(),
        "understood": understood(),
    }
    for file in expected["files"].values():
        file["samples"] = [round(sample, 7) for sample in file["samples"][:160]]
    path = AUDIO.parent / "audio-expected.json"
    path.write_text(json.dumps(expected, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes, {sum(file.stat().st_size for file in AUDIO.iterdir())} of files")


if __name__ == "__main__":
    main()
