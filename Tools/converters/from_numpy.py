"""Arrays of NumPy, and dictionaries of arrays that were pickled into .npy or .npz."""

import collections
import io
import pickle
import sys
import zipfile

import numpy

# All that a pickled array or dictionary of arrays needs; anything else could run code.
ALLOWED = {("collections", "OrderedDict"), ("_codecs", "encode")} | {
    (f"numpy.{core}", name)
    for core, name in [
        ("core.multiarray", "_reconstruct"), ("_core.multiarray", "_reconstruct"),
        ("core.multiarray", "scalar"), ("_core.multiarray", "scalar"),
    ]
} | {("numpy", "ndarray"), ("numpy", "dtype")}


class ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise SystemExit(f"convert: the pickle wants {module}.{name}, which is not loaded")
        return super().find_class(module, name)


def load(stream, name):
    """One .npy: an array, or what was pickled."""
    version = numpy.lib.format.read_magic(stream)
    read_header = {(1, 0): numpy.lib.format.read_array_header_1_0, (2, 0): numpy.lib.format.read_array_header_2_0}
    position = stream.tell()
    _, _, dtype = read_header.get(version, read_header[(2, 0)])(stream)
    if not dtype.hasobject:
        stream.seek(position - 8)
        return numpy.lib.format.read_array(stream)
    print(f"convert: warning: {name} is pickled; only arrays, dictionaries and lists are taken from it", file=sys.stderr)
    # Python 2 wrote byte strings, which latin-1 keeps.
    return ArrayUnpickler(stream, encoding="latin1").load()


def flatten(value, name, result):
    if isinstance(value, numpy.ndarray) and value.dtype.hasobject:
        # A dictionary is stored as an array without axes.
        value = value.item() if value.ndim == 0 else list(value)
    if isinstance(value, (dict, collections.OrderedDict)):
        for key, inner in value.items():
            flatten(inner, f"{name}/{key}" if name else str(key), result)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            flatten(inner, f"{name}/{index}" if name else str(index), result)
    elif isinstance(value, (numpy.ndarray, numpy.generic, int, float, bool)):
        array = numpy.asarray(value)
        if array.dtype.kind in "fiub":
            result[name] = array
        else:
            print(f'convert: leaving out "{name}", which holds {array.dtype}', file=sys.stderr)
    else:
        print(f'convert: leaving out "{name}", a {type(value).__name__}', file=sys.stderr)


def read(path):
    result = {}
    if path.suffix == ".npy":
        with open(path, "rb") as stream:
            value = load(stream, path)
        plain = isinstance(value, numpy.ndarray) and not value.dtype.hasobject
        flatten(value, path.stem if plain else "", result)
        return result
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            flatten(load(io.BytesIO(archive.read(name)), f"{path} ({name})"), name.removesuffix(".npy"), result)
    return result
