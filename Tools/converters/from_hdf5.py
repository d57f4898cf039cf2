"""Every numeric data set of an HDF5 file under its path; a .keras archive holds one."""

import io
import sys
import zipfile

import h5py


def collect(file):
    # Keras keeps the optimiser's slots and its settings beside the weights.
    root = file["model_weights"] if "model_weights" in file else file
    result = {}

    def visit(name, item):
        if not isinstance(item, h5py.Dataset):
            return
        if item.dtype.kind in "fiub":
            result[name] = item[()]
        else:
            print(f'convert: leaving out "{name}", which holds {item.dtype}', file=sys.stderr)

    root.visititems(visit)
    return result


def read(path):
    source = path
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            source = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(source, "r") as file:
        return collect(file)
