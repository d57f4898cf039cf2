#!/usr/bin/env python3
"""Steps of PyTorch's optimisers on a small network with batch normalisation: what TrainingTests compares with.

    python3 Tools/reference/training.py Tests/WeftTests/Fixtures/training

Needs torch, numpy and safetensors. Writes x.npy, labels.npy, start.safetensors, and per method the weights after
three steps and the losses in front of each step.
"""

import json
import os
import sys

import numpy
import torch
from safetensors.torch import save_file

torch.set_num_threads(1)
folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
generator = torch.Generator().manual_seed(5)


def draw(*shape, scale=1.0):
    return torch.randn(*shape, generator=generator) * scale


x = draw(6, 3, 6, 6)
labels = torch.tensor([0, 1, 2, 1, 0, 2])
start = {
    "conv.weight": draw(4, 3, 3, 3, scale=0.3),
    "norm.scale": 1 + draw(4, scale=0.2),
    "norm.shift": draw(4, scale=0.2),
    "norm.mean": draw(4, scale=0.1),
    "norm.variance": 1 + 0.2 * torch.rand(4, generator=generator),
    "fc.weight": draw(3, 36, scale=0.2),
    "fc.bias": draw(3, scale=0.1),
}
carried = ["norm.mean", "norm.variance"]


def loss_of(weights):
    mean, variance = weights["norm.mean"], weights["norm.variance"]
    y = torch.nn.functional.conv2d(x, weights["conv.weight"], padding=1)
    y = torch.nn.functional.batch_norm(
        y, mean, variance, weights["norm.scale"], weights["norm.shift"], training=True, momentum=0.1, eps=1e-5)
    y = torch.nn.functional.max_pool2d(torch.relu(y), 2)
    y = torch.nn.functional.linear(y.flatten(1), weights["fc.weight"], weights["fc.bias"])
    return torch.nn.functional.cross_entropy(y, labels, label_smoothing=0.1)


methods = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    # One iteration per step: as many evaluations as the other methods have.
    "lbfgs": lambda p: torch.optim.LBFGS(p, lr=0.5, max_iter=1, history_size=5),
}
losses = {}
for name, make in methods.items():
    weights = {key: value.clone() for key, value in start.items()}
    moving = [weights[key].requires_grad_() for key in start if key not in carried]
    optimizer = make(moving)
    losses[name] = []

    def closure():
        optimizer.zero_grad()
        loss = loss_of(weights)
        loss.backward()
        losses[name].append(loss.item())
        return loss

    for _ in range(3):
        optimizer.step(closure)
    save_file({key: value.detach().contiguous() for key, value in weights.items()}, f"{folder}/{name}.safetensors")

numpy.save(f"{folder}/x.npy", x.numpy())
numpy.save(f"{folder}/labels.npy", labels.numpy().astype(numpy.float32))
save_file(start, f"{folder}/start.safetensors")
with open(f"{folder}/losses.json", "w") as file:
    json.dump(losses, file)
    file.write("\n")
