"""Makes the test fixture tasks/: models, inputs and expected answers of the tasks above tensors.

Nothing is trained. Pictures are resized by Pillow, texts cut by the tokenizers library, logits computed by ONNX
Runtime and softmax by NumPy, so what a node answers can be compared with what those libraries answer.
"""

import json

import numpy as np
from onnx import helper
from PIL import Image
from tokenizers import Tokenizer

from common import NODE_TEST_MODELS, float_input, long_input, ranked, run_onnx, save_onnx, softmax

TASKS = NODE_TEST_MODELS / "tasks"
SEED = 29
SIDE = 8
CLASSES = ["cat", "dog", "horse", "ship"]
MOODS = ["negative", "neutral", "positive"]
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]
TEXT = "The cat sleeps on the warm road and a dog jumps"
COLUMNS = [
    {"name": "age", "kind": "numeric", "mean": 40.0, "std": 12.0, "missing": "mean"},
    {"name": "city", "kind": "one-hot", "categories": ["Berlin", "Paris", "Rome"], "unknown": "ignore"},
    {"name": "size", "kind": "ordinal", "categories": ["small", "medium", "large"]},
]
ROWS = [
    {"age": 52, "city": "Paris", "size": "large"},
    {"city": "Rome", "size": "small"},
    {"age": 28.5, "city": "Atlantis", "size": "medium"},
]
ENCODED = [[1.0, 0, 1, 0, 2], [0, 0, 0, 1, 0], [(28.5 - 40) / 12, 0, 0, 0, 1]]


def linear(path, inputs, classes, rng):
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], ["logits"]),
    ]
    width = int(np.prod(inputs[1:]))
    weights = {
        "w": rng.normal(0, 1 / np.sqrt(width), (width, classes)).astype(np.float32) * 2,
        "b": rng.normal(0, 0.1, classes).astype(np.float32),
    }
    shape = ["n", *inputs[1:]]
    save_onnx(path, "linear", nodes, [float_input("x", shape)], [float_input("logits", ["n", classes])], weights,
              "A linear classifier with random weights.")


def text_model(path, vocabulary, rng):
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["tokens"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=1),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["tokens", "column"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "second"], ["sum"], keepdims=0),
        helper.make_node("Gemm", ["sum", "w", "b"], ["logits"]),
    ]
    weights = {
        "table": rng.normal(0, 0.5, (vocabulary, 4)).astype(np.float32),
        "last": np.array([-1], dtype=np.int64),
        "second": np.array([1], dtype=np.int64),
        "w": rng.normal(0, 0.5, (4, len(MOODS))).astype(np.float32),
        "b": np.zeros(len(MOODS), dtype=np.float32),
    }
    ids, mask = (long_input(name, ["n", "t"]) for name in ("input_ids", "attention_mask"))
    save_onnx(path, "moods", nodes, [ids, mask], [float_input("logits", ["n", len(MOODS)])], weights,
              "A bag of words with random weights.")


def pictures(rng):
    """The same scene in the kinds of file that decoders treat differently."""
    y, x = np.mgrid[0:23, 0:37]
    scene = np.stack([x * 6, y * 10, (x * y) % 256], axis=-1).astype(np.uint8)
    scene[5:12, 8:20] = rng.integers(0, 256, (7, 12, 3), dtype=np.uint8)
    rgb = Image.fromarray(scene)
    rgb.save(TASKS / "rgb.png")
    alpha = np.dstack([scene, (x * 7 % 256).astype(np.uint8)])
    Image.fromarray(alpha, "RGBA").save(TASKS / "rgba.png")
    rgb.quantize(16).save(TASKS / "palette.png")
    rgb.convert("L").save(TASKS / "grey.png")
    rgb.save(TASKS / "photo.jpg", quality=95, subsampling=0)
    rgb.save(TASKS / "progressive.jpg", quality=95, subsampling=0, progressive=True)
    return ["rgb.png", "rgba.png", "palette.png", "grey.png", "photo.jpg", "progressive.jpg"]


def stretched(name, filter):
    return Image.open(TASKS / name).convert("RGB").resize((SIDE, SIDE), filter)


def cut(name, side, filter):
    """Resize(side) and CenterCrop(SIDE) of torchvision."""
    image = Image.open(TASKS / name).convert("RGB")
    width, height = image.size
    size = (side, int(side * height / width)) if width <= height else (int(side * width / height), side)
    image = image.resize(size, filter)
    left, top = (round((length - SIDE) / 2.0) for length in image.size)
    return image.crop((left, top, left + SIDE, top + SIDE))


def normalised(image):
    samples = np.asarray(image, dtype=np.float32) / 255
    return ((samples - MEAN) / STD).astype(np.float32).transpose(2, 0, 1)[None]


def main():
    TASKS.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    linear(TASKS / "image.onnx", [1, 3, SIDE, SIDE], len(CLASSES), rng)
    linear(TASKS / "table.onnx", [1, 5], len(MOODS), rng)
    tokenizer = Tokenizer.from_file(str(NODE_TEST_MODELS / "tiny-embedding/tokenizer.json"))
    text_model(TASKS / "text.onnx", tokenizer.get_vocab_size(), rng)
    names = pictures(rng)
    images = {}
    for name in names:
        image = stretched(name, Image.Resampling.BILINEAR)
        logits = run_onnx(TASKS / "image.onnx", {"x": normalised(image)})
        images[name] = {
            "bilinear": np.asarray(image).flatten().tolist(),
            "bicubic": np.asarray(stretched(name, Image.Resampling.BICUBIC)).flatten().tolist(),
            "cut": np.asarray(cut(name, 12, Image.Resampling.BILINEAR)).flatten().tolist(),
            "predictions": ranked(softmax(logits)[0], CLASSES),
        }
    grey = Image.open(TASKS / "rgb.png").convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    enlarged = Image.open(TASKS / "rgb.png").convert("RGB").resize((50, 40), Image.Resampling.BICUBIC)
    table = np.array(ENCODED, dtype=np.float32)
    values = run_onnx(TASKS / "table.onnx", {"x": table})
    encoding = tokenizer.encode(TEXT)
    ids = np.array([encoding.ids], dtype=np.int64)
    moods = run_onnx(TASKS / "text.onnx", {"input_ids": ids, "attention_mask": np.ones_like(ids)})
    expected = {
        "images": images,
        "grey": np.asarray(grey).flatten().tolist(),
        "enlarged": np.asarray(enlarged).flatten().tolist(),
        "mean": MEAN,
        "std": STD,
        "classes": CLASSES,
        "columns": COLUMNS,
        "rows": ROWS,
        "encoded": ENCODED,
        "values": values.tolist(),
        "moods": MOODS,
        "tablePredictions": [ranked(row, MOODS) for row in softmax(values)],
        "text": TEXT,
        "tokens": len(encoding.ids),
        "textPredictions": ranked(softmax(moods)[0], MOODS),
    }
    (TASKS.parent / "tasks-expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
