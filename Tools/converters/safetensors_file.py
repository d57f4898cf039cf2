"""Writes safetensors, in the same order of bytes as weft itself does."""

import json
import os
import struct

import numpy

CODES = {
    "f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8",
    "u8": "U64", "u4": "U32", "u2": "U16", "u1": "U8", "b1": "BOOL",
}


class BFloat16:
    """A tensor of bfloat16, which NumPy lacks, as its bits."""

    def __init__(self, bits):
        self.bits = bits

    def reshape(self, shape):
        return BFloat16(self.bits.reshape(shape))


def encoded(name, tensor):
    """Code, element size, shape and little-endian row-major bytes."""
    if isinstance(tensor, BFloat16):
        return "BF16", 2, tensor.bits.shape, numpy.ascontiguousarray(tensor.bits.astype("<u2")).tobytes()
    code = CODES.get(f"{tensor.dtype.kind}{tensor.dtype.itemsize}")
    if code is None:
        raise SystemExit(f'convert: "{name}" has the element type {tensor.dtype}, which safetensors lacks')
    return code, tensor.dtype.itemsize, tensor.shape, tensor.astype(tensor.dtype.newbyteorder("<")).tobytes("C")


def write(path, tensors):
    parts = sorted((-size, name, code, shape, data) for name, (code, size, shape, data) in
                   ((name, encoded(name, tensor)) for name, tensor in tensors.items()))
    header, offset = {}, 0
    for _, name, code, shape, data in parts:
        header[name] = {"dtype": code, "shape": list(shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    temporary = path.with_name(path.name + ".part")
    with open(temporary, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for part in parts:
            file.write(part[4])
    os.replace(temporary, path)
