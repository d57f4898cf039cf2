"""TensorFlow checkpoints of version 2: an index, which is a sorted string table of protocol buffers, and data shards
(tensorflow/core/util/tensor_bundle; the table format is LevelDB's, doc/table_format.md)."""

import pathlib
import struct
import sys

import numpy

from safetensors_file import BFloat16

DTYPES = {
    1: "<f4", 2: "<f8", 3: "<i4", 4: "u1", 5: "<i2", 6: "i1", 9: "<i8", 10: "?", 14: "bfloat16", 17: "<u2", 19: "<f2",
    22: "<u4", 23: "<u8",
}


def varint(data, place):
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
        shift += 7


def message(data):
    """The fields of a protocol buffer: number to list of integers and byte strings."""
    fields, place = {}, 0
    while place < len(data):
        tag, place = varint(data, place)
        kind = tag & 7
        if kind == 0:
            value, place = varint(data, place)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value, place = int.from_bytes(data[place:place + size], "little"), place + size
        elif kind == 2:
            size, place = varint(data, place)
            value, place = data[place:place + size], place + size
        else:
            raise SystemExit("convert: the checkpoint's index is damaged")
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def block(data, handle):
    """The entries of one block of the table."""
    offset, place = varint(handle, 0)
    size, _ = varint(handle, place)
    if data[offset + size] != 0:
        raise SystemExit("convert: the checkpoint's index is compressed, which is not supported")
    body = data[offset:offset + size]
    restarts = struct.unpack_from("<I", body, size - 4)[0]
    end, place, key = size - 4 - 4 * restarts, 0, b""
    while place < end:
        shared, place = varint(body, place)
        fresh, place = varint(body, place)
        length, place = varint(body, place)
        key = key[:shared] + body[place:place + fresh]
        place += fresh
        yield key, body[place:place + length]
        place += length


def entries(data):
    if len(data) < 48 or data[-8:] != bytes.fromhex("57fb808b247547db"):
        raise SystemExit("convert: the .index file is not a checkpoint's")
    footer = data[-48:]
    _, place = varint(footer, 0)
    _, place = varint(footer, place)
    for _, handle in block(data, footer[place:]):
        yield from block(data, handle)


def prefix(path):
    if path.is_dir():
        found = sorted(path.glob("*.index"))
        if len(found) > 1:
            raise SystemExit(f"convert: {path} holds several checkpoints; name one")
        path = found[0]
    return pathlib.Path(str(path).removesuffix(".index"))


def read(path):
    base = prefix(path)
    result, shards, count = {}, {}, 1
    for key, value in entries(pathlib.Path(f"{base}.index").read_bytes()):
        fields = message(value)
        if not key:
            count = fields.get(1, [1])[0]
            continue
        name = key.decode()
        dtype = DTYPES.get(fields.get(1, [0])[0])
        if dtype is None or 7 in fields:
            print(f'convert: leaving out "{name}" (its type is no number, or it is partitioned)', file=sys.stderr)
            continue
        shape = [message(dim).get(1, [0])[0] for dim in message(fields.get(2, [b""])[0]).get(2, [])]
        shard, offset, size = (fields.get(number, [0])[0] for number in (3, 4, 5))
        if shard not in shards:
            shards[shard] = pathlib.Path(f"{base}.data-{shard:05}-of-{count:05}").read_bytes()
        data = shards[shard][offset:offset + size]
        if len(data) != size:
            raise SystemExit(f'convert: the data of "{name}" is cut off')
        if dtype == "bfloat16":
            result[name] = BFloat16(numpy.frombuffer(data, "<u2").reshape(shape))
        else:
            result[name] = numpy.frombuffer(data, dtype).reshape(shape)
    return result
