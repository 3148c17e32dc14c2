"""Makes demo/fashion-mnist.onnx, an image classifier, and demo/fashion-mnist-samples.json.

A convolutional net of about 98,000 parameters is trained on the 60,000 training images of
Fashion-MNIST; its accuracy is measured on the 10,000 test images with the written file.
Batch normalisation is folded into the convolutions, so the file holds plain Conv and Gemm nodes.
"""

import argparse
import gzip
import json
import time
from pathlib import Path

import numpy as np
import torch
from onnx import helper
from torch import nn

from common import DEMO, float_input, record_expected, run_onnx, save_onnx, tensor

SEED = 7
EPOCHS = 7
BATCH = 128
PEAK_RATE = 8e-3
LABELS = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
]  # fmt: skip


def read_idx(path):
    """Reads an IDX file: two zero bytes, type, number of dimensions, the dimensions, the bytes."""
    raw = gzip.decompress(path.read_bytes())
    dimensions = np.frombuffer(raw, ">i4", raw[3], 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(dimensions)


def read_split(folder, prefix):
    images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz")
    labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
    return images[:, None].astype(np.float32) / 255, labels.astype(np.int64)


def conv_block(channels_in, channels_out):
    return [
        nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
        nn.MaxPool2d(2),
    ]


def build():
    return nn.Sequential(
        *conv_block(1, 16),
        *conv_block(16, 32),
        *conv_block(32, 64),
        nn.Flatten(),
        nn.Linear(64 * 3 * 3, 128),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(128, 10),
    )


def train(net, images, labels):
    x, y = torch.tensor(images), torch.tensor(labels)
    batches = len(x) // BATCH
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=EPOCHS * batches)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(x))
        total = 0.0
        for step in range(batches):
            rows = order[step * BATCH : (step + 1) * BATCH]
            batch = x[rows]
            mirrored = torch.rand(BATCH) < 0.5
            batch[mirrored] = batch[mirrored].flip(3)
            loss = nn.functional.cross_entropy(net(batch), y[rows], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / batches:.4f}, {time.process_time():.0f} s of CPU", flush=True)
    net.eval()


def fold(conv, norm):
    """Conv followed by batch normalisation is a Conv with other weights."""
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    weight = conv.weight * scale[:, None, None, None]
    bias = norm.bias - norm.running_mean * scale
    return weight.detach().numpy(), bias.detach().numpy()


def export(net, path):
    nodes, weights, current = [], {}, "image"
    for block in range(3):
        weights[f"conv{block}.weight"], weights[f"conv{block}.bias"] = fold(net[4 * block], net[4 * block + 1])
        nodes += [
            helper.make_node(
                "Conv",
                [current, f"conv{block}.weight", f"conv{block}.bias"],
                [f"conv{block}"],
                kernel_shape=[3, 3],
                pads=[1, 1, 1, 1],
            ),
            helper.make_node("Relu", [f"conv{block}"], [f"relu{block}"]),
            helper.make_node("MaxPool", [f"relu{block}"], [f"pool{block}"], kernel_shape=[2, 2], strides=[2, 2]),
        ]
        current = f"pool{block}"
    for name, layer in (("hidden", net[13]), ("logits", net[16])):
        weights[f"{name}.weight"] = layer.weight.detach().numpy()
        weights[f"{name}.bias"] = layer.bias.detach().numpy()
    nodes += [
        helper.make_node("Flatten", [current], ["flat"]),
        helper.make_node("Gemm", ["flat", "hidden.weight", "hidden.bias"], ["hidden"], transB=1),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("Gemm", ["active", "logits.weight", "logits.bias"], ["logits"], transB=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    save_onnx(
        path,
        "fashion-mnist",
        nodes,
        [float_input("image", ["N", 1, 28, 28])],
        [float_input("probabilities", ["N", 10])],
        weights,
        "Fashion-MNIST: a 28x28 grey image, pixels 0..1, white on black. Classes: " + ", ".join(LABELS) + ".",
    )


def write_samples(path, images, labels):
    """One test image a class: the first that the model classifies correctly with the pixels as rounded here."""
    rounded = np.round(images, 3).astype(np.float32)
    right = run_onnx(path, {"image": rounded}).argmax(1) == labels
    chosen = [np.flatnonzero(right & (labels == label))[0] for label in range(10)]
    samples = [
        {"label": LABELS[labels[row]], "pixels": [round(float(pixel), 3) for pixel in rounded[row].ravel()]}
        for row in chosen
    ]
    lines = [json.dumps(sample, separators=(",", ":")) for sample in samples]
    (DEMO / "fashion-mnist-samples.json").write_text(
        f'{{"labels":{json.dumps(LABELS)},\n"samples":[\n' + ",\n".join(lines) + "\n]}\n"
    )
    first = rounded[chosen[:1]]
    record_expected(
        path.name,
        {"image": tensor(first, 3)},
        {"probabilities": tensor(run_onnx(path, {"image": first}), 6)},
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("/usr/share/datasets/fashion-mnist"))
    folder = parser.parse_args().data

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    net = build()
    print(sum(p.numel() for p in net.parameters()), "parameters")
    train(net, *read_split(folder, "train"))

    path = DEMO / "fashion-mnist.onnx"
    export(net, path)
    images, labels = read_split(folder, "t10k")
    predicted = run_onnx(path, {"image": images}).argmax(1)
    print(f"test accuracy {np.mean(predicted == labels):.4f}")
    for label, name in enumerate(LABELS):
        print(f"  {name}: {np.mean(predicted[labels == label] == label):.3f}")
    write_samples(path, images, labels)


if __name__ == "__main__":
    main()
