#!/usr/bin/env python3
"""Small .npy, .npz and .safetensors files as NumPy and safetensors write them, in base64 with what they hold. Needs
numpy and safetensors; the output stands in Tests/ModelsTests/Fixtures/arrays.json:

    python3 Tools/reference/arrays.py > Tests/ModelsTests/Fixtures/arrays.json
"""

import base64
import io
import json

import numpy
from safetensors.numpy import save

LETTERS = {"f": "f", "i": "i", "u": "u"}


def name(dtype):
    return "bool" if dtype.kind == "b" else f"{LETTERS[dtype.kind]}{dtype.itemsize * 8}"


def contents(array):
    return {"dtype": name(array.dtype), "shape": list(array.shape), "values": [float(v) for v in array.ravel()]}


def npy(array, version=None):
    stream = io.BytesIO()
    numpy.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def npz(save, **arrays):
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


grid = numpy.arange(24).reshape(2, 3, 4)
arrays = {
    "scalar": (numpy.array(2.5), None),
    "empty": (numpy.zeros((0, 3), "<f4"), None),
    "version 2": (grid.astype("<i2"), (2, 0)),
    "version 3": (grid.astype("<u8"), (3, 0)),
    "big endian": (grid.astype(">f4") / 8, None),
    "fortran": (numpy.asfortranarray(grid.astype("<f8") - 7), None),
    "big fortran": (numpy.asfortranarray(grid.astype(">i4") - 7), None),
    "vector": (numpy.array([1, -2, 3], "<i8"), None),
    "truth": (numpy.array([[True, False], [False, True]]), None),
}
for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    arrays[code] = (grid[0].astype("<" + code), None)

pair = {"weight": grid.astype("<f4"), "folder/bias": numpy.full(300, 0.5, "<f8")}
result = {
    "npy": {key: {**contents(a), "file": npy(a, version)} for key, (a, version) in arrays.items()},
    "npz": {
        "stored": {"file": npz(numpy.savez, **pair)},
        "deflated": {"file": npz(numpy.savez_compressed, **pair)},
    },
    "pickled": {"file": npy(numpy.array([{"a": 1}], dtype=object))},
    "structured": {"file": npy(numpy.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))},
    "text": {"file": npy(numpy.array(["ab"]))},
    "safetensors": {
        "file": save(
            {"b": grid.astype("<f4"), "a.x": numpy.array([1, 2, 3], "u1"), "c": numpy.array(7.0), "é\"": grid.astype("<f4")},
            metadata={"format": "pt"},
        )
    },
}
result["npz"] = {
    key: {**value, "members": {member: contents(array) for member, array in pair.items()}}
    for key, value in result["npz"].items()
}
print(json.dumps(result, default=lambda data: base64.b64encode(data).decode()))
