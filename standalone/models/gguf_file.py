"""Writes GGUF version 3: header, key-value pairs, tensor directory, tensors, all little-endian."""

import struct

import numpy as np

ALIGNMENT = 32
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
TENSOR_TYPES = {np.dtype(np.float32): 0, np.dtype(np.float16): 1}


def text(value):
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def scalar(kind, value):
    if kind == STRING:
        return text(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def typed(value):
    """A value with its type: bool, int (unsigned), float, str, or a list of int (signed), float or str."""
    if isinstance(value, list):
        kind = {int: INT32, float: FLOAT32, str: STRING}[type(value[0])]
        head = struct.pack("<IIQ", ARRAY, kind, len(value))
        return head + b"".join(scalar(kind, item) for item in value)
    kind = {bool: BOOL, int: UINT32, float: FLOAT32, str: STRING}[type(value)]
    return struct.pack("<I", kind) + scalar(kind, value)


def padding(length):
    return bytes(-length % ALIGNMENT)


def write_gguf(path, metadata, tensors):
    """`tensors` maps names to arrays of float32 or float16; GGUF names the fastest dimension first."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    head += b"".join(text(key) + typed(value) for key, value in metadata.items())
    data = b""
    for name, array in tensors.items():
        head += text(name) + struct.pack("<I", array.ndim)
        head += struct.pack(f"<{array.ndim}Q", *reversed(array.shape))
        head += struct.pack("<IQ", TENSOR_TYPES[array.dtype], len(data))
        raw = np.ascontiguousarray(array).tobytes()
        data += raw + padding(len(raw))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head + padding(len(head)) + data)
