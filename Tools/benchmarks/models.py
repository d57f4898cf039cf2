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


def training_layers():
    """Name, and shape of the weight, of every layer of VGG-19 with batch normalisation for 32 x 32 pictures, in order;
    the normalisation behind it has the second name."""
    layers = [(f"block{b}_conv{i}", f"bn{b}_{i}", (o, c, 3, 3)) for b, i, c, o in VGG]
    return layers + [("fc1", "bn_fc1", (4096, 2048)), ("fc2", "bn_fc2", (4096, 4096)),
                     ("predictions", "bn_predictions", (10, 4096))]


def training(folder):
    """Weights, a batch of 128 pictures and their classes; kept between runs."""
    from safetensors.numpy import save_file
    os.makedirs(folder, exist_ok=True)
    weights = os.path.join(folder, "vgg19-bn.safetensors")
    if not os.path.exists(weights):
        random = np.random.default_rng(10)
        values = {}
        for name, norm, shape in training_layers():
            scale = np.sqrt(2 / np.prod(shape[1:]))
            values[name + ".weight"] = (random.standard_normal(shape) * scale).astype(np.float32)
            values[name + ".bias"] = np.zeros(shape[0], np.float32)
            for part, value in [("scale", 1), ("shift", 0), ("mean", 0), ("variance", 1)]:
                values[f"{norm}.{part}"] = np.full(shape[0], value, np.float32)
        save_file(values, weights)
    labels = os.path.join(folder, "classes-128.npy")
    if not os.path.exists(labels):
        np.save(labels, np.random.default_rng(11).integers(0, 10, 128).astype(np.float32))
    return weights, tensor(folder, "pictures-128.npy", (128, 3, 32, 32), 12), labels


def torch_training(weights, dropout):
    """The network that `training` describes, in training mode."""
    import torch
    from safetensors.torch import load_file
    from torch import nn
    values = load_file(weights)
    modules = []
    block = "1"
    for name, norm, shape in training_layers():
        if name.startswith("block") and name[5] != block:
            modules.append(nn.MaxPool2d(2))
            block = name[5]
        if name == "fc1":
            modules.append(nn.Flatten())
        is_flat = len(shape) == 2
        layer = nn.Linear(shape[1], shape[0]) if is_flat else nn.Conv2d(shape[1], shape[0], 3, padding=1)
        normalise = (nn.BatchNorm1d if is_flat else nn.BatchNorm2d)(shape[0], eps=1e-3)
        with torch.no_grad():
            layer.weight.copy_(values[name + ".weight"])
            layer.bias.copy_(values[name + ".bias"])
        modules += [layer, normalise]
        if name != "predictions":
            modules.append(nn.ReLU())
        if name.startswith("fc"):
            modules.append(nn.Dropout(dropout))
    return nn.Sequential(*modules).train()


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
