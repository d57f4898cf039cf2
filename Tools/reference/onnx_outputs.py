#!/usr/bin/env python3
"""Runs ONNX files through ONNX Runtime on a repeatable input and records their outputs.

  onnx_outputs.py --out numbers.json model.onnx [name=1,3,480,320] ...

Input element i is (i * 2654435761 mod 2^32) / 2^31 - 1, computed in double precision and rounded to the input's type.
Recorded per output: its shape, the largest magnitude, and every k-th element so that there are at most 32 of them. An
input whose sizes are open needs a shape on the command line, after the file it belongs to.

Needs: pip install numpy onnxruntime
"""
import argparse
import json
import os

import numpy
import onnxruntime


def golden(shape):
    count = int(numpy.prod(shape))
    index = numpy.arange(count, dtype=numpy.uint64)
    return ((index * 2654435761) % 2**32 / 2**31 - 1).astype(numpy.float32).reshape(shape)


def record(path, shapes):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feeds = {}
    for value in session.get_inputs():
        shape = shapes.get(value.name, value.shape)
        feeds[value.name] = golden([int(extent) for extent in shape])
    outputs = {}
    for value, array in zip(session.get_outputs(), session.run(None, feeds)):
        step = max(1, -(-array.size // 32))
        outputs[value.name] = {
            "shape": list(array.shape),
            "largest": float(f"{numpy.abs(array).max():.8g}") if array.size else 0.0,
            "step": step,
            "values": [float(f"{x:.8g}") for x in array.ravel()[::step]],
        }
    return {
        "file": "/".join(path.split("/")[-2:]),
        "inputs": {name: list(array.shape) for name, array in feeds.items()},
        "outputs": outputs,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("arguments", nargs="+")
    arguments = parser.parse_args()
    runs = []
    for text in arguments.arguments:
        if "=" in text and not os.path.exists(text):
            name, _, shape = text.partition("=")
            runs[-1][1][name] = [int(part) for part in shape.split(",")]
        else:
            runs.append((text, {}))
    records = [record(path, shapes) for path, shapes in runs]
    with open(arguments.out, "w") as file:
        json.dump(records, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
