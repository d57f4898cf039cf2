"""The networks and inputs that all contestants share: made once, from a fixed seed, into a folder."""
import os

import numpy as np

VGG = [(1, 1, 3, 64), (1, 2, 64, 64), (2, 1, 64, 128), (2, 2, 128, 128), (3, 1, 128, 256), (3, 2, 256, 256),
       (3, 3, 256, 256), (3, 4, 256, 256), (4, 1, 256, 512), (4, 2, 512, 512), (4, 3, 512, 512), (4, 4, 512, 512),
       (5, 1, 512, 512), (5, 2, 512, 512), (5, 3, 512, 512), (5, 4, 512, 512)]
STYLE_LAYERS = [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]
CONTENT_LAYER = (4, 2)


def vgg_weights():
    """Random weights of the usual size (He et al. 2015): speed does not depend on their values."""
    random = np.random.default_rng(19)
    weights = {}
    for block, index, inputs, outputs in VGG:
        scale = np.sqrt(2 / (9 * inputs))
        name = f"block{block}_conv{index}"
        weights[name + ".weight"] = (random.standard_normal((outputs, inputs, 3, 3)) * scale).astype(np.float32)
        weights[name + ".bias"] = (random.standard_normal(outputs) * 0.01).astype(np.float32)
    return weights


def torch_vgg(weights, last=(5, 1)):
    """The layers to relu `last`; called with an input it gives every relu by (block, index)."""
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleDict()
            for block, index, inputs, outputs in VGG:
                layer = nn.Conv2d(inputs, outputs, 3, padding=1)
                name = f"block{block}_conv{index}"
                layer.weight = nn.Parameter(torch.from_numpy(weights[name + ".weight"]), requires_grad=False)
                layer.bias = nn.Parameter(torch.from_numpy(weights[name + ".bias"]), requires_grad=False)
                self.layers[name] = layer
                if (block, index) == last:
                    break

        def taps(self, x):
            found = {}
            previous = 1
            for name, layer in self.layers.items():
                block, index = int(name[5]), int(name[-1])
                if block != previous:
                    x = torch.nn.functional.max_pool2d(x, 2)
                    previous = block
                x = torch.relu(layer(x))
                found[block, index] = x
            return found

        def forward(self, x):
            return self.taps(x)[last]

    return Net().eval()


def tensor(folder, name, shape, seed):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        np.save(path, np.random.default_rng(seed).standard_normal(shape).astype(np.float32))
    return path


def prepare(folder):
    """Weights, inputs and the ONNX form of VGG-19; kept between runs."""
    from safetensors.numpy import save_file
    os.makedirs(folder, exist_ok=True)
    weights = os.path.join(folder, "vgg19.safetensors")
    if not os.path.exists(weights):
        save_file(vgg_weights(), weights)
    onnx = os.path.join(folder, "vgg19_relu5_1.onnx")
    if not os.path.exists(onnx):
        import torch
        torch.onnx.export(torch_vgg(vgg_weights()), (torch.zeros(1, 3, 512, 512),), onnx, input_names=["x"],
                          output_names=["y"], dynamo=False)
    return weights, onnx
