"""What the model scripts share: where the results go, and how an ONNX file is put together."""

import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "standalone/src/main/resources/demo"
NODE_TEST_MODELS = ROOT / "inference-node/server/src/test/resources/models"
HOSTILE = ROOT / "registry/server/src/test/resources/hostile"

OPSET = 17
IR_VERSION = 8


def float_input(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def long_input(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.INT64, shape)


def save_onnx(path, name, nodes, inputs, outputs, weights, description):
    """Writes one self-contained file: weights inside, nothing external, checked by the ONNX checker."""
    initializers = [numpy_helper.from_array(np.ascontiguousarray(value), key) for key, value in weights.items()]
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    model = helper.make_model(
        graph,
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="atrium",
        doc_string=description,
    )
    onnx.checker.check_model(model, full_check=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def run_onnx(path, feeds):
    """Runs the written file with ONNX Runtime, so that every figure reported is the file's own."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(os.fspath(path), options, providers=["CPUExecutionProvider"])
    return session.run(None, feeds)[0]


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def ranked(scores, labels):
    order = np.argsort(-scores, kind="stable")
    return [{"label": labels[i], "score": float(scores[i])} for i in order]


def torchscript(name, module):
    """The bytes of a scripted module, without the debug records, which name folders of the machine it was made on."""
    import torch

    whole, kept = io.BytesIO(), io.BytesIO()
    torch.jit.save(torch.jit.script(module.eval()), whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(kept, "w") as target:
        for entry in source.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                inner = entry.filename.partition("/")[2]
                target.writestr(zip_entry(f"{name}/{inner}"), source.read(entry))
    return kept.getvalue()


def zip_entry(name, compression=zipfile.ZIP_STORED):
    """A zip entry with a fixed date, so that the same content gives the same file."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = compression
    return entry


def tensor(array, decimals):
    """The JSON form of a tensor in expected.json: shape and flat data."""
    array = np.asarray(array)
    return {"shape": list(array.shape), "data": [round(float(value), decimals) for value in array.ravel()]}


def record_expected(model, inputs, outputs):
    """Replaces one model's entry in expected.json and leaves the others alone."""
    path = DEMO / "expected.json"
    entries = json.loads(path.read_text()) if path.exists() else {}
    entries[model] = {"inputs": inputs, "outputs": outputs}
    lines = [f"{json.dumps(key)}: {json.dumps(entries[key], separators=(',', ':'))}" for key in sorted(entries)]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
