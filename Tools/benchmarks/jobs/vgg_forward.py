"""VGG-19 to relu5_1 on a picture."""
import os

import numpy as np

import models
import runtimes
from contest import GRAPHS, Peer, Weft, compare, difference, errors


def contestant(name, threads, folder, arguments):
    x = np.load(arguments[0])
    if name in ("onnxruntime", "openvino"):
        return runtimes.network(name, arguments[1], threads, x)
    import torch
    torch.set_num_threads(threads)
    net = models.torch_vgg(models.vgg_weights())
    image = torch.from_numpy(x)
    if name == "torch-nhwc":
        net, image = net.to(memory_format=torch.channels_last), image.to(memory_format=torch.channels_last)

    def run():
        with torch.inference_mode():
            return [net(image).contiguous().numpy()]
    return run


def forward(settings):
    weights, onnx = models.prepare(settings.folder)
    x = models.tensor(settings.folder, "picture-512.npy", (1, 3, 512, 512), 1)
    weft = Weft(settings, os.path.join(GRAPHS, "vgg19-forward.json"), ["weights=" + weights, "x=" + x])
    peers = [Peer(name, "vgg_forward", settings, [x, onnx])
             for name in ["onnxruntime", "openvino", "torch", "torch-nhwc"]]
    out = os.path.join(settings.folder, "out")
    weft.run(out)
    mine = np.load(os.path.join(out, "y.npy"))
    found = errors(settings, peers, lambda theirs: difference(mine, theirs[0]))
    return [compare("VGG-19 to relu5_1, 512×512", settings, weft, peers, found, "≥ 3.0")]


JOBS = {"forward": forward}
