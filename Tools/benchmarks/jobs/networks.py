"""ONNX models as they are, against the programs that run ONNX: face detectors and an encoder."""
import glob
import os
import shutil

import numpy as np

import models
import runtimes
from contest import Peer, Weft, asset, compare, difference, errors, missing


def contestant(name, threads, folder, arguments):
    return runtimes.network(name, arguments[1], threads, np.load(arguments[0]))


def outputs(path):
    """The names of a model's outputs in its order."""
    import onnx
    return [output.name for output in onnx.load(path, load_external_data=False).graph.output]


def batched(settings, path, count):
    """The model for `count` pictures at a time: only the numbers that say 1 change."""
    import onnx
    target = os.path.join(settings.folder, f"{count}-{os.path.basename(path)}")
    if not os.path.exists(target):
        model = onnx.load(path)
        for value in list(model.graph.input) + list(model.graph.output):
            if value.type.tensor_type.shape.dim[0].dim_value == 1:
                value.type.tensor_type.shape.dim[0].dim_value = count
        del model.graph.value_info[:]
        shapes = {node.input[1] for node in model.graph.node if node.op_type == "Reshape"}
        constants = [node.attribute[0].t for node in model.graph.node
                     if node.op_type == "Constant" and node.output[0] in shapes]
        for tensor in constants + [value for value in model.graph.initializer if value.name in shapes]:
            shape = onnx.numpy_helper.to_array(tensor).copy()
            if shape[0] == 1:
                shape[0] = count
            tensor.CopyFrom(onnx.numpy_helper.from_array(shape, tensor.name))
        onnx.save(model, target)
    return target


def run(settings, title, file, port, shape, target):
    path = asset(settings, file)
    if not path:
        return [missing(title, target, f"no {file} under --assets")]
    if shape[0] > 1:
        path = batched(settings, path, shape[0])
    x = models.tensor(settings.folder, f"{os.path.basename(file)}-{shape[0]}.npy", shape, 5)
    weft = Weft(settings, path, [f"{port}={x}"], parts=True)
    if not weft.alive:
        return [missing(title, target, "weft failed")]
    peers = [Peer(peer, "networks", settings, [x, path]) for peer in ["onnxruntime", "openvino"]]
    out = os.path.join(settings.folder, "out-network")
    shutil.rmtree(out, ignore_errors=True)
    weft.run(out)
    mine = [np.load(os.path.join(glob.escape(out), name.replace("/", "%2F") + ".npy")) for name in outputs(path)]
    found = errors(settings, peers, lambda theirs: max(difference(a, b) for a, b in zip(mine, theirs)))
    return [compare(title, settings, weft, peers, found, target)]


def job(*arguments):
    return lambda settings: run(settings, *arguments)


SCRFD, ENCODER = "face/scrfd/scrfd_{}_bnkps.onnx", "face/mobilefacenet/mobilefacenet.onnx"
JOBS = {
    "scrfd-500m": job("SCRFD-500M, 640×640", SCRFD.format("500m"), "input.1", (1, 3, 640, 640), "≥ 1.3"),
    "scrfd-2.5g": job("SCRFD-2.5G, 640×640", SCRFD.format("2.5g"), "input.1", (1, 3, 640, 640), "≥ 1.8"),
    "mobilefacenet-1": job("MobileFaceNet, 112×112", ENCODER, "input", (1, 3, 112, 112), "≥ 1.2"),
    "mobilefacenet-16": job("MobileFaceNet, 112×112, batch 16", ENCODER, "input", (16, 3, 112, 112), "≥ 1.2"),
}
