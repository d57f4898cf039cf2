#!/usr/bin/env python3
"""One epoch of the small VGG with batch normalisation on 2,000 CIFAR pictures, by Weft and by PyTorch: the same initial
weights, the same order, no augmentation. Prints the loss curves and their largest relative difference, and writes
PyTorch's curves to Tests/WeftTests/Fixtures/training/vgg-epoch-losses.json, beside the graph that both stand for.

Rounding alone moves such curves: an activation near zero that falls on the other side of its rectifier changes the
gradient by a hundredth, and every later step after it. So PyTorch runs in double precision too, and the script says how
far its own single precision is from that. It fails where Weft is off by more than 1 %.

    python3 Tools/reference/vgg_epoch.py WEFT-PROGRAM FOLDER-OF-CLASS-FOLDERS

Needs torch, numpy, pillow and safetensors.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile

import numpy
import torch
from PIL import Image
from safetensors.torch import load_file

program, pictures = sys.argv[1:]
fixtures = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/WeftTests/Fixtures/training")
graph = os.path.join(fixtures, "vgg-epoch.json")
batch, rate, momentum, l2 = 100, 0.002, 0.9, 0.00025
torch.set_num_threads(1)
F = torch.nn.functional

# The first 200 pictures of each class, one of each class in turn.
names = sorted(os.listdir(pictures))
files = [sorted(os.listdir(f"{pictures}/{name}"))[:200] for name in names]
examples = [(os.path.abspath(f"{pictures}/{names[label]}/{files[label][index]}"), label)
            for index in range(200) for label in range(len(names))]

with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/list.csv", "w") as file:
        csv.writer(file).writerows(examples)
    for out, steps in [("start", 0), ("done", len(examples) // batch)]:
        subprocess.run(
            [program, "run", graph, f"list={folder}/list.csv", f"steps={steps}", "--cache", "off", "--out",
             f"{folder}/{out}", "--progress", "none"], check=True, stderr=subprocess.DEVNULL)
    start = load_file(f"{folder}/start/weights.safetensors")
    with open(f"{folder}/done/log.csv") as file:
        mine = [float(row["loss"]) for row in csv.DictReader(file)]

pixels = torch.tensor(numpy.stack([numpy.asarray(Image.open(path).convert("RGB")) for path, _ in examples]))
labels = torch.tensor([label for _, label in examples])
carried = [name for name in start if name.endswith((".mean", ".variance"))]


def curve(dtype):
    x = pixels.permute(0, 3, 1, 2).to(dtype) / 255
    moving = {name: tensor.to(dtype).clone().requires_grad_() for name, tensor in start.items() if name not in carried}
    optimizer = torch.optim.SGD(moving.values(), lr=rate, momentum=momentum, nesterov=True)
    losses = []
    for step in range(len(examples) // batch):
        y, target = x[step * batch:(step + 1) * batch], labels[step * batch:(step + 1) * batch]
        for block, layers in enumerate([2, 2, 3, 2, 1], 1):
            for layer in range(1, layers + 1):
                norm = f"bn{block}_{layer}"
                y = F.conv2d(y, moving[f"conv{block}_{layer}.weight"], padding=1)
                y = F.relu(F.batch_norm(y, None, None, moving[f"{norm}.scale"], moving[f"{norm}.shift"], training=True))
            if block < 5:
                y = F.max_pool2d(y, 2)
        scores = F.linear(y.mean(dim=(2, 3)), moving["scores.weight"], moving["scores.bias"])
        loss = F.cross_entropy(scores, target)
        loss = loss + l2 * sum((tensor**2).sum() for name, tensor in moving.items() if name.endswith(".weight"))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


single, double = curve(torch.float32), curve(torch.float64)
with open(os.path.join(fixtures, "vgg-epoch-losses.json"), "w") as file:
    json.dump({"single": single, "double": double}, file, indent=1)
    file.write("\n")


def largest(a, b):
    return max(abs(p - q) / q for p, q in zip(a, b))


for step, losses in enumerate(zip(mine, single, double)):
    print(f"{step:3} weft {losses[0]:.6f} torch {losses[1]:.6f} in double {losses[2]:.6f}")
print(f"largest relative difference over {len(mine)} steps: weft from torch {largest(mine, single):.2e}")
print(f"from torch in double: weft {largest(mine, double):.2e}, torch {largest(single, double):.2e}")
sys.exit(largest(mine, single) > 0.01)
