#!/usr/bin/env python3
"""Measures the models that Weft ships with PyTorch, independently of Weft.

    python3 Tools/reference/shipped_models.py lips FOLDER     # train_month and its two painted folders
    python3 Tools/reference/shipped_models.py cifar FOLDER    # test pictures, a folder per class

Needs torch, numpy, pillow and safetensors.
"""

import os
import sys

import numpy
import torch
from PIL import Image
from safetensors.torch import load_file

models = os.path.join(os.path.dirname(__file__), "../../Graphs/models")
F = torch.nn.functional
torch.set_num_threads(1)


def pictures(folder):
    names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    arrays = [numpy.asarray(Image.open(f"{folder}/{name}").convert("RGB")) for name in names]
    return torch.tensor(numpy.stack(arrays)).permute(0, 3, 1, 2).float()


def lips(folder):
    plain = pictures(f"{folder}/train_month")
    for name, painted in [("lipstick-glaze", "train_brightening_month"), ("lipstick-gloss", "train_whitening_month")]:
        weights = load_file(f"{models}/{name}.safetensors")
        target = pictures(f"{folder}/{painted}")
        x = plain
        for layer in ["conv1", "conv2", "conv3"]:
            x = F.elu(F.conv2d(x, weights[f"{layer}.weight"].float(), weights[f"{layer}.bias"].float(), padding=1))
        error = F.mse_loss(x.clamp(0, 255), target).item()
        print(f"{name}: MSE {error:.4f} over {len(plain)} pairs, doing nothing {F.mse_loss(plain, target).item():.1f}, "
              f"{sum(tensor.numel() for tensor in weights.values())} parameters")


def cifar(folder):
    weights = {name: tensor.float() for name, tensor in load_file(f"{models}/vgg-mini.safetensors").items()}
    mean = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
    deviation = torch.tensor([0.247, 0.2435, 0.2616]).view(1, 3, 1, 1)
    right = count = 0
    for label, name in enumerate(sorted(os.listdir(folder))):
        x = (pictures(f"{folder}/{name}") / 255 - mean) / deviation
        for block, layers in enumerate([2, 2, 3, 2, 1], 1):
            for layer in range(1, layers + 1):
                norm = f"bn{block}_{layer}"
                x = F.conv2d(x, weights[f"conv{block}_{layer}.weight"], padding=1)
                x = F.relu(F.batch_norm(x, *(weights[f"{norm}.{part}"] for part in ["mean", "variance", "scale", "shift"])))
            if block < 5:
                x = F.max_pool2d(x, 2)
        scores = F.linear(x.mean(dim=(2, 3)), weights["scores.weight"], weights["scores.bias"])
        right += (scores.argmax(1) == label).sum().item()
        count += len(x)
    print(f"vgg-mini: {right} of {count} right, {100 * right / count:.2f} %")


with torch.no_grad():
    {"lips": lips, "cifar": cifar}[sys.argv[1]](sys.argv[2])
