#!/usr/bin/env python3
"""How far rounding alone carries a Deep Dream log: the recipe of squeezenet_dream.json by PyTorch in single and in double
precision, and in double from a picture changed by a ten-millionth of itself.

    pip install torch numpy pillow safetensors
    Tools/reference/dream.py PICTURE.png squeezenet1_1.safetensors LOG.json

One size, no jitter: x += 0.05 g / mean |g| of mean fire6², then every pixel to its valid range. Prints, per step, how
far each run is from the log, and from the run in double precision.
"""

import argparse
import json

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file


def dream(picture, weights, steps, change=0.0, rate=0.05):
    kind = torch.get_default_dtype()
    weights = {name: tensor.to(kind) for name, tensor in weights.items()}

    def conv(x, name, **settings):
        return F.relu(F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], **settings))

    def fire(x, index):
        s = conv(x, f"features.{index}.squeeze")
        both = conv(s, f"features.{index}.expand1x1"), conv(s, f"features.{index}.expand3x3", padding=1)
        return torch.cat(both, 1)

    def features(x):
        x = F.max_pool2d(conv(x, "features.0", stride=2), 3, 2, ceil_mode=True)
        x = F.max_pool2d(fire(fire(x, 3), 4), 3, 2, ceil_mode=True)
        return fire(F.max_pool2d(fire(fire(x, 6), 7), 3, 2, ceil_mode=True), 9)

    mean = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)
    x = (torch.tensor(picture.transpose(2, 0, 1)[None].astype(np.float32)).to(kind) / 255 - mean) / deviation
    if change:
        x = x * (1 + change * torch.randn_like(x))
    losses = []
    for _ in range(steps):
        x = x.detach().requires_grad_(True)
        loss = (features(x) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            x = x + rate * x.grad / x.grad.abs().mean()
            x = torch.max(torch.min(x, (1 - mean) / deviation), -mean / deviation)
    return np.array(losses)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture")
    parser.add_argument("weights")
    parser.add_argument("log")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    picture = np.asarray(Image.open(arguments.picture).convert("RGB"))
    weights = load_file(arguments.weights)
    log = np.array(json.load(open(arguments.log))["loss"])
    single = dream(picture, weights, len(log))
    torch.set_default_dtype(torch.float64)
    double = dream(picture, weights, len(log))
    changed = dream(picture, weights, len(log), change=1e-7)
    rows = [("single/log", single, log), ("double/log", double, log), ("changed/double", changed, double)]
    for name, values, reference in rows:
        print(name, " ".join(f"{abs(v / r - 1):.1e}" for v, r in zip(values, reference)))


if __name__ == "__main__":
    main()
