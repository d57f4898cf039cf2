#!/usr/bin/env python3
"""Makes the weights of face/mtcnn.json from facenet's det1.npy, det2.npy and det3.npy (davidsandberg/facenet, MIT).

    mtcnn.py FOLDER OUT.safetensors

The files hold dictionaries of layers whose kernels are [W, H, in, out], as the networks were ported from MATLAB: pictures
stood on their side. Here they are [out, in, H, W], and what is flattened runs over channels, rows, columns.
"""

import os
import pathlib
import sys

import numpy

import from_numpy
import safetensors_file

# File, network, layers: name there, name here, channels of what is flattened before it.
NETWORKS = [
    ("det1.npy", "p", [("conv1", "conv1", 0), ("PReLU1", "prelu1", 0), ("conv2", "conv2", 0), ("PReLU2", "prelu2", 0),
                       ("conv3", "conv3", 0), ("PReLU3", "prelu3", 0), ("conv4-1", "score", 0), ("conv4-2", "box", 0)]),
    ("det2.npy", "r", [("conv1", "conv1", 0), ("prelu1", "prelu1", 0), ("conv2", "conv2", 0), ("prelu2", "prelu2", 0),
                       ("conv3", "conv3", 0), ("prelu3", "prelu3", 0), ("conv4", "fc", 64), ("prelu4", "prelu4", 0),
                       ("conv5-1", "score", 0), ("conv5-2", "box", 0)]),
    ("det3.npy", "o", [("conv1", "conv1", 0), ("prelu1", "prelu1", 0), ("conv2", "conv2", 0), ("prelu2", "prelu2", 0),
                       ("conv3", "conv3", 0), ("prelu3", "prelu3", 0), ("conv4", "conv4", 0), ("prelu4", "prelu4", 0),
                       ("conv5", "fc", 128), ("prelu5", "prelu5", 0), ("conv6-1", "score", 0), ("conv6-2", "box", 0),
                       ("conv6-3", "points", 0)]),
]


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    tensors = {}
    for file, network, layers in NETWORKS:
        with open(os.path.join(sys.argv[1], file), "rb") as stream:
            arrays = {}
            from_numpy.flatten(from_numpy.load(stream, file), "", arrays)
        for there, here, flattened in layers:
            for key, name in (("weights", "weight"), ("biases", "bias"), ("alpha", "slope")):
                array = arrays.get(f"{there}/{key}")
                if array is None:
                    continue
                if name == "weight" and flattened:
                    side = round((array.shape[0] // flattened) ** 0.5)
                    array = array.reshape(side, side, flattened, -1).transpose(3, 2, 1, 0).reshape(array.shape[1], -1)
                elif name == "weight":
                    array = array.transpose()
                tensors[f"{network}.{here}.{name}"] = numpy.ascontiguousarray(array, dtype=numpy.float32)
    safetensors_file.write(pathlib.Path(sys.argv[2]), tensors)
    print(f"{sys.argv[2]}: {len(tensors)} tensors, {sum(t.size for t in tensors.values())} numbers")


if __name__ == "__main__":
    main()
