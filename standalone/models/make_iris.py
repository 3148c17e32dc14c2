"""Makes demo/iris.onnx: softmax regression on Fisher's iris measurements.

The 150 measurements come with scikit-learn, which is used for the data only.
"""

import numpy as np
import torch
from onnx import helper
from sklearn.datasets import load_iris

from common import DEMO, float_input, record_expected, run_onnx, save_onnx, tensor

SEED = 20
TEST_FLOWERS_PER_CLASS = 10


def split(labels, rng):
    """Ten flowers of each species are kept back for the test."""
    test = np.concatenate(
        [rng.permutation(np.flatnonzero(labels == species))[:TEST_FLOWERS_PER_CLASS] for species in range(3)]
    )
    return np.setdiff1d(np.arange(len(labels)), test), np.sort(test)


def train(features, labels):
    mean, deviation = features.mean(0), features.std(0)
    x, y = torch.tensor((features - mean) / deviation), torch.tensor(labels)
    layer = torch.nn.Linear(4, 3)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=200)

    def loss():
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(layer(x), y) + 1e-3 * layer.weight.square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    # The scaling is folded into the weights, so that the model takes centimetres.
    weight = layer.weight.detach().numpy() / deviation
    bias = layer.bias.detach().numpy() - weight @ mean
    return weight.T.astype(np.float32), bias.astype(np.float32)


def main():
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    data = load_iris()
    features, labels = data.data.astype(np.float32), data.target
    training, test = split(labels, np.random.default_rng(SEED))
    weight, bias = train(features[training], labels[training])

    path = DEMO / "iris.onnx"
    save_onnx(
        path,
        "iris",
        [
            helper.make_node("Gemm", ["features", "weight", "bias"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        ],
        [float_input("features", ["N", 4])],
        [float_input("probabilities", ["N", 3])],
        {"weight": weight, "bias": bias},
        "Iris species from sepal length, sepal width, petal length, petal width in cm: setosa, versicolor, virginica.",
    )

    for name, rows in (("training", training), ("test", test)):
        correct = (run_onnx(path, {"features": features[rows]}).argmax(1) == labels[rows]).sum()
        print(f"{name}: {correct} of {len(rows)} correct")

    examples = features[[0, 60, 140]]
    record_expected(
        path.name,
        {"features": tensor(examples, 1)},
        {"probabilities": tensor(run_onnx(path, {"features": examples}), 6)},
    )


if __name__ == "__main__":
    main()
