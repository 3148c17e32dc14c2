"""Makes the hostile files that the registry's inspection must refuse.

Each imitates a model file and attacks whoever parses it carelessly. None does harm by lying on a disk:
the commands inside are `echo`, and nothing runs unless a file is unpickled or executed.
"""

import io
import pickle
import struct
import zipfile

import onnx
import torch
from onnx import TensorProto, helper

from common import DEMO, HOSTILE, IR_VERSION, OPSET, float_input, torchscript, zip_entry

MIB = 1 << 20
BOMB_BYTES = 256 * MIB
MANY = 20_000
COMMAND = "echo unpickled"


class RunsCommand:
    """Unpickling an instance calls os.system."""

    def __reduce__(self):
        import os

        return os.system, (COMMAND,)


def global_call_pickle():
    """A protocol 2 pickle written by hand: GLOBAL os system, its argument, REDUCE."""
    argument = COMMAND.encode()
    return b"\x80\x02cos\nsystem\nX" + struct.pack("<I", len(argument)) + argument + b"\x85R."


def zip_of(entries):
    """A zip of (name, content) pairs; content may be an iterable of blocks for large entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compresslevel=9) as archive:
        for name, content in entries:
            if isinstance(content, bytes):
                archive.writestr(zip_entry(name), content)
            else:
                with archive.open(zip_entry(name, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as target:
                    for block in content:
                        target.write(block)
    return buffer.getvalue()


def torchscript_like(name, *, data=pickle.dumps({}, 2), extra=()):
    """The entries by which a zip passes for TorchScript at a glance."""
    return [
        (f"{name}/data.pkl", data),
        (f"{name}/code/__torch__.py", b"class Model(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    return x\n"),
        (f"{name}/constants.pkl", pickle.dumps((), 2)),
        (f"{name}/version", b"3\n"),
        *extra,
    ]


def truncated_onnx():
    whole = (DEMO / "iris.onnx").read_bytes()
    return whole[: len(whole) // 2]


def external_data_onnx():
    weight = TensorProto(name="weight", data_type=TensorProto.FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "../../etc/passwd"), ("offset", "0"), ("length", "16")):
        weight.external_data.add(key=key, value=value)
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "weight"], ["y"])],
        "external",
        [float_input("x", ["N", 4])],
        [float_input("y", ["N", 4])],
        [weight],
    )
    model: onnx.ModelProto = helper.make_model(
        graph, ir_version=IR_VERSION, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="atrium"
    )
    return model.SerializeToString(deterministic=True)


def zip_slip():
    return zip_of(torchscript_like("model", extra=[("model/../../../../tmp/atrium-zip-slip", b"escaped\n")]))


def zip_bomb():
    zeros = (bytes(MIB) for _ in range(BOMB_BYTES // MIB))
    return zip_of(torchscript_like("model", extra=[("model/data/0", zeros)]))


def many_entries():
    return zip_of((f"{number:x}", b"") for number in range(MANY))


class ReadsPasswords(torch.nn.Module):
    """Valid TorchScript whose forward maps a file of the host into a tensor."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        leaked = torch.from_file("/etc/passwd", False, 64, dtype=torch.uint8)
        return x + leaked[:1].to(x.dtype)


def bad_lengths_gguf():
    """GGUF 3 claiming 2^63 - 1 tensors, 2^40 key-value pairs, and a first key 2^62 bytes long."""
    return b"GGUF" + struct.pack("<IQQQ", 3, 2**63 - 1, 2**40, 2**62) + b"general.architecture"


def main():
    HOSTILE.mkdir(parents=True, exist_ok=True)
    files = {
        "bad-lengths.gguf": bad_lengths_gguf(),
        "empty.onnx": b"",
        "external-data.onnx": external_data_onnx(),
        "html.onnx": b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Not a model.</body></html>\n",
        "many-entries.pt": many_entries(),
        "pickle-in-torchscript.pt": zip_of(torchscript_like("model", data=global_call_pickle())),
        "pickle.pt": pickle.dumps(RunsCommand(), 2),
        "truncated.onnx": truncated_onnx(),
        "ts-from-file.pt": torchscript("ts-from-file", ReadsPasswords()),
        "zip-bomb.pt": zip_bomb(),
        "zip-slip.pt": zip_slip(),
    }
    for name, content in files.items():
        (HOSTILE / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
