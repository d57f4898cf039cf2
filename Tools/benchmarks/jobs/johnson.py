"""The transform net of fast style transfer (Graphs/networks/johnson.json) on a picture of 1024×680."""
import os

import numpy as np

import models
import runtimes
from contest import GRAPHS, Peer, Weft, compare, difference, errors, missing

LAYERS = [(9, 1, 3, 32), (3, 2, 32, 64), (3, 2, 64, 128)] + [(3, 1, 128, 128)] * 10 + [
    (3, -2, 128, 64), (3, -2, 64, 32), (9, 1, 32, 3)]


def weights():
    """conv1…conv16 and norm1…norm16; negative strides enlarge, their weights are [inputs, outputs, 3, 3]."""
    random = np.random.default_rng(16)
    found = {}
    for index, (kernel, stride, inputs, outputs) in enumerate(LAYERS, 1):
        shape = (inputs, outputs, kernel, kernel) if stride < 0 else (outputs, inputs, kernel, kernel)
        scale = np.sqrt(2 / (inputs * kernel * kernel))
        found[f"conv{index}.weight"] = (random.standard_normal(shape) * scale).astype(np.float32)
        found[f"norm{index}.scale"] = random.uniform(0.5, 1, outputs).astype(np.float32)
        found[f"norm{index}.shift"] = random.uniform(-0.1, 0.1, outputs).astype(np.float32)
    return found


def torch_net(values):
    import torch
    from torch import nn
    from torch.nn import functional

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            for name, value in values.items():
                self.register_buffer(name.replace(".", "_"), torch.from_numpy(value))

        def layer(self, x, index):
            kernel, stride, _, _ = LAYERS[index - 1]
            weight = getattr(self, f"conv{index}_weight")
            if stride < 0:
                # SAME of a transposed convolution cuts the last row and column.
                x = functional.conv_transpose2d(x, weight, stride=-stride)[..., :-1, :-1]
            elif stride == 2:
                # SAME with even extents pads at the end.
                x = functional.conv2d(functional.pad(x, (0, 1, 0, 1)), weight, stride=2)
            else:
                x = functional.conv2d(x, weight, padding=kernel // 2)
            return functional.instance_norm(
                x, weight=getattr(self, f"norm{index}_scale"), bias=getattr(self, f"norm{index}_shift"), eps=1e-3)

        def forward(self, x):
            for index in (1, 2, 3):
                x = torch.relu(self.layer(x, index))
            for index in (4, 6, 8, 10, 12):
                x = x + self.layer(torch.relu(self.layer(x, index)), index + 1)
            for index in (14, 15):
                x = torch.relu(self.layer(x, index))
            return torch.clamp(torch.tanh(self.layer(x, 16)) * 150 + 127.5, 0, 255)

    return Net().eval()


def prepare(folder):
    from safetensors.numpy import save_file
    path, onnx = os.path.join(folder, "johnson.safetensors"), os.path.join(folder, "johnson.onnx")
    if not os.path.exists(path):
        save_file(weights(), path)
    if not os.path.exists(onnx):
        import torch
        torch.onnx.export(torch_net(weights()), (torch.zeros(1, 3, 680, 1024),), onnx, input_names=["x"],
                          output_names=["y"], dynamo=False)
    return path, onnx


def contestant(name, threads, folder, arguments):
    return runtimes.network(name, arguments[1], threads, np.load(arguments[0]))


def run(settings):
    path, onnx = prepare(settings.folder)
    x = os.path.join(settings.folder, "picture-680x1024.npy")
    if not os.path.exists(x):
        np.save(x, np.random.default_rng(3).uniform(0, 255, (1, 3, 680, 1024)).astype(np.float32))
    weft = Weft(settings, os.path.join(GRAPHS, "johnson.json"), ["weights=" + path, "x=" + x])
    peers = [Peer(name, "johnson", settings, [x, onnx]) for name in ["onnxruntime", "openvino"]]
    if not weft.alive:
        return [missing("Johnson's transform net, 1024×680", "≥ 1.8", "weft failed")]
    out = os.path.join(settings.folder, "out")
    weft.run(out)
    mine = np.load(os.path.join(out, "y.npy"))
    found = errors(settings, peers, lambda theirs: difference(mine, theirs[0]))
    return [compare("Johnson's transform net, 1024×680", settings, weft, peers, found, "≥ 1.8")]


JOBS = {"johnson": run}
