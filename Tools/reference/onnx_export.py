#!/usr/bin/env python3
"""Exports the networks that ship with their weights as ONNX, runs each with ONNX Runtime and with Weft on the same
numbers, and prints the largest difference over the largest value.

    python3 Tools/reference/onnx_export.py WEFT-PROGRAM GRAPHS-FOLDER

Needs numpy, onnx and onnxruntime.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime

program, graphs = sys.argv[1], os.path.abspath(sys.argv[2])
NETWORKS = [
    ("networks/vgg-mini.json", "models/vgg-mini.safetensors", [2, 3, 32, 32], "0..1 normalised"),
    ("networks/lips.json", "models/lipstick-glaze.safetensors", [1, 3, 30, 90], "0..255"),
    ("networks/lips.json", "models/lipstick-gloss.safetensors", [1, 3, 30, 90], "0..255"),
    ("face/encoder-mini.json", None, [2, 3, 112, 112], "0..1"),
    ("networks/face-detector-mini.json", "models/face-detector-mini.safetensors", [1, 1, 160, 160], "0..1"),
]

worst = 0.0
for network, weights, shape, kind in NETWORKS:
    if weights and not os.path.exists(f"{graphs}/{weights}"):
        continue
    with tempfile.TemporaryDirectory() as folder:
        extents = ",".join(map(str, shape))
        bound = ["--weights", f"{graphs}/{weights}"] if weights else []
        subprocess.run(
            [program, "models", "export", f"{graphs}/{network}", f"x={extents}", "--out", f"{folder}/net.onnx"] + bound,
            check=True, stderr=subprocess.DEVNULL)
        model = onnx.load(f"{folder}/net.onnx")
        onnx.checker.check_model(model, full_check=True)
        session = onnxruntime.InferenceSession(f"{folder}/net.onnx", providers=["CPUExecutionProvider"])
        x = numpy.random.default_rng(1).random(shape, dtype=numpy.float32) * (255 if kind == "0..255" else 1)
        numpy.save(f"{folder}/x.npy", x)
        names = [output.name for output in session.get_outputs()]
        theirs = dict(zip(names, session.run(None, {"x": x})))
        node = {"op": f"{graphs}/{network}", "in": {"x": "@x"}}
        if weights:
            node["weights"] = f"{graphs}/{weights}"
        with open(f"{folder}/call.json", "w") as file:
            json.dump({
                "format": 1, "inputs": {"x": f"tensor<f32>[{extents}]"}, "nodes": {"net": node},
                "outputs": {name: f"net.{name}" for name in names}}, file)
        subprocess.run(
            [program, "run", f"{folder}/call.json", f"x={folder}/x.npy", "--out", f"{folder}/out", "--cache", "off"],
            check=True, stderr=subprocess.DEVNULL)
        for name in names:
            mine = numpy.load(f"{folder}/out/{name}.npy")
            relative = abs(mine - theirs[name]).max() / abs(theirs[name]).max()
            worst = max(worst, relative)
            print(f"{network} {weights or ''} {name}{list(mine.shape)}: {relative:.2e}")
print(f"largest: {worst:.2e}")
# Not the comparison itself: a NumPy bool is no status, and would be printed as a failure either way.
sys.exit(1 if worst > 1e-4 else 0)
