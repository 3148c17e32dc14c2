"""Makes the files that an inference node must survive: well-formed models that mean harm when they run.

The node's tests place them on a live node, past the registry's inspection, and put the path of a
canary of their own where "/canary" stands in the source. The files do nothing while they lie on a disk.
"""

import io
import zipfile

import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper

from common import IR_VERSION, NODE_TEST_MODELS, OPSET, float_input, torchscript, zip_entry

FOLDER = NODE_TEST_MODELS / "hostile"
NESTED_CALLS = 20_000


class ReadsFile(torch.nn.Module):
    """Answers with the first bytes of a file of the host."""

    def forward(self, series: torch.Tensor) -> torch.Tensor:
        leaked = torch.from_file("/canary", False, 16, dtype=torch.uint8)
        return leaked.to(series.dtype)


class WritesFile(torch.nn.Module):
    """Maps a file for writing, which makes it where there is none."""

    def forward(self, series: torch.Tensor) -> torch.Tensor:
        written = torch.from_file("/canary", True, 16, dtype=torch.uint8)
        written.fill_(65)
        return written.to(series.dtype)


class SavesFile(torch.nn.Module):
    """Saves a tensor under a path of its own choice."""

    def forward(self, series: torch.Tensor) -> torch.Tensor:
        torch.save(series, "/canary")
        return series


class EatsMemory(torch.nn.Module):
    """Keeps 64 MB more with every round, up to 64 GB."""

    def forward(self, series: torch.Tensor) -> torch.Tensor:
        kept = [series.sum()]
        for _ in range(1024):
            kept.append(torch.ones(16 * 1024 * 1024) * series.sum())
        total = kept[0]
        for each in kept:
            total = total + each.sum()
        return total


class NestsCalls(torch.nn.Module):
    """Its one expression is replaced by a very deep one."""

    def forward(self, series: torch.Tensor) -> torch.Tensor:
        return torch.neg(series)


def nested_calls():
    """Reading the source overflows the stack of whoever parses it by recursion."""
    code = (
        "class NestsCalls(Module):\n"
        "  __parameters__ = []\n"
        "  __buffers__ = []\n"
        "  training : bool\n"
        "  _is_full_backward_hook : Optional[bool]\n"
        "  def forward(self: __torch__.NestsCalls,\n"
        "    series: Tensor) -> Tensor:\n"
        f"    return {'torch.neg(' * NESTED_CALLS}series{')' * NESTED_CALLS}\n"
    )
    kept = io.BytesIO()
    original = zipfile.ZipFile(io.BytesIO(torchscript("nested-calls", NestsCalls())))
    with original as source, zipfile.ZipFile(kept, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("code/__torch__.py"):
                content = code.encode()
            target.writestr(zip_entry(entry.filename), content)
    return kept.getvalue()


def onnx_file(name, nodes, initializers, output):
    graph = helper.make_graph(nodes, name, [float_input("x", [1])], [output], initializers)
    model = helper.make_model(
        graph, ir_version=IR_VERSION, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="atrium"
    )
    return model.SerializeToString(deterministic=True)


def gigantic_tensor():
    """Four tebibytes of zeros out of 16 bytes."""
    shape = numpy_helper.from_array(np.array([1 << 20, 1 << 20], dtype=np.int64), "shape")
    zeros = helper.make_node("ConstantOfShape", ["shape"], ["zeros"])
    total = helper.make_node("ReduceSum", ["zeros"], ["sum"], keepdims=0)
    added = helper.make_node("Add", ["x", "sum"], ["y"])
    return onnx_file("gigantic", [zeros, total, added], [shape], float_input("y", [1]))


def endless_loop():
    """A loop of 2^62 rounds that runs whatever it is given, also while it is warmed up."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["going"], ["on"]), helper.make_node("Add", ["v", "v"], ["w"])],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            float_input("v", [1]),
        ],
        [helper.make_tensor_value_info("on", TensorProto.BOOL, []), float_input("w", [1])],
    )
    rounds = numpy_helper.from_array(np.array(1 << 62, dtype=np.int64), "rounds")
    true = numpy_helper.from_array(np.array(True), "true")
    loop = helper.make_node("Loop", ["rounds", "true", "x"], ["y"], body=body)
    return onnx_file("endless", [loop], [rounds, true], float_input("y", [1]))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = {
        "eats-memory.pt": torchscript("eats-memory", EatsMemory()),
        "endless-loop.onnx": endless_loop(),
        "gigantic-tensor.onnx": gigantic_tensor(),
        "nested-calls.pt": nested_calls(),
        "reads-file.pt": torchscript("reads-file", ReadsFile()),
        "saves-file.pt": torchscript("saves-file", SavesFile()),
        "writes-file.pt": torchscript("writes-file", WritesFile()),
    }
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
