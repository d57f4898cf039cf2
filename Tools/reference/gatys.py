#!/usr/bin/env python3
"""Losses of the Gatys variants at the start and over 20 evaluations, by PyTorch, for GatysVariantsTests.

    pip install torch numpy pillow
    Tools/reference/gatys.py CONTENT.png STYLE.png OUT.json [--vgg19 block1-3.hwio.safetensors]

Weights are those of the named file, or, for the recipes that need layers which a small file does not hold, numbers of
an integer hash that anybody can make again (`hashed`). Every recipe starts from the content picture, because noise is
each program's own.
"""

import argparse
import json
import math
import struct

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

BLOCKS = {"vgg19": [2, 2, 4, 4, 4], "vgg16": [2, 2, 3, 3, 3]}
WIDTHS = [64, 128, 256, 512, 512]
# The last two as style-transfer-pytorch scales them.
POOLS = {
    "max": lambda x: F.max_pool2d(x, 2),
    "average": lambda x: F.avg_pool2d(x, 2),
    "doubled": lambda x: F.avg_pool2d(x, 2) * 2,
    "l2": lambda x: F.lp_pool2d(x, 2, 2) * 0.78,
}


def hashed(name, shape):
    """Uniform on ±sqrt(6 / fan-in): a 32-bit integer hash of the element's number and of the name's bytes."""
    seed = 0
    for byte in name.encode():
        seed = (seed * 31 + byte) & 0xFFFFFFFF
    count = int(np.prod(shape))
    x = (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(seed)) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(16)
    x = (x * np.uint64(0x45D9F3B)) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(16)
    unit = x.astype(np.float64) / 2**32
    if len(shape) == 1:
        return torch.zeros(shape)
    bound = math.sqrt(6 / (shape[1] * shape[2] * shape[3]))
    return torch.tensor(((2 * unit - 1) * bound).astype(np.float32).reshape(shape)).to(torch.get_default_dtype())


def safetensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[8 + length + begin : 8 + length + end], dtype=np.float32)
        tensors[name] = torch.tensor(array.reshape(entry["shape"]).copy()).to(torch.get_default_dtype())
    return tensors


class VGG:
    def __init__(self, kind, weights=None, pooling="max", padding="constant"):
        self.kind, self.weights, self.pooling, self.padding = kind, weights, pooling, padding

    def parameter(self, block, index, inputs, outputs):
        name = f"block{block}_conv{index}"
        if self.weights is not None:
            return self.weights[name + ".kernel"].permute(3, 2, 0, 1), self.weights[name + ".bias"]
        return hashed(name + ".weight", (outputs, inputs, 3, 3)), hashed(name + ".bias", (outputs,))

    def __call__(self, x, wanted):
        found, channels = {}, 3
        for block, (count, width) in enumerate(zip(BLOCKS[self.kind], WIDTHS), 1):
            for index in range(1, count + 1):
                key = (block, index)
                if key not in self.__dict__.setdefault("cache", {}):
                    self.cache[key] = self.parameter(block, index, channels, width)
                weight, bias = self.cache[key]
                replicates = self.padding == "replicate" or (self.padding == "replicate_first" and key == (1, 1))
                mode = "replicate" if replicates else "constant"
                x = F.relu(F.conv2d(F.pad(x, (1, 1, 1, 1), mode=mode), weight, bias))
                channels = width
                found[f"relu{block}_{index}"] = x
                if all(name in found for name in wanted):
                    return found
            x = POOLS[self.pooling](x)
        return found


def gram(x, divisor):
    _, c, h, w = x.shape
    f = x.reshape(c, h * w)
    return f @ f.T / {"none": 1, "chw": c * h * w, "hw": h * w}[divisor]


def caffe(x):
    return (x.flip(1) * 255) - torch.tensor([103.939, 116.779, 123.68]).reshape(1, 3, 1, 1)


def rgb_mean(x):
    return x * 255 - torch.tensor([123.68, 116.779, 103.939]).reshape(1, 3, 1, 1)


def bgr_256(x):
    return (x.flip(1) * 256) - torch.tensor([103.939, 116.779, 123.68]).reshape(1, 3, 1, 1)


def squared_interior(x):
    a = x[:, :, :-1, :-1]
    return ((x[:, :, :-1, 1:] - a) ** 2).sum() + ((x[:, :, 1:, :-1] - a) ** 2).sum()


def nine_point(x):
    """As style-transfer-pytorch takes it: the edge repeated once all around, means over what that gives."""

    def mean(v):
        return (v**2).mean()

    x = F.pad(x, (1, 1, 1, 1), mode="replicate")
    inner = x[..., 1:-1, 1:-1]
    return 2 * (
        mean(x[..., 1:-1, 2:] - inner) / 3
        + mean(x[..., 2:, 1:-1] - inner) / 3
        + mean(x[..., 1:, 1:] - x[..., :-1, :-1]) / 12
        + mean(x[..., 1:, :-1] - x[..., :-1, 1:]) / 12
    )


class Root(torch.autograd.Function):
    """The matrix root of style-transfer-pytorch: 12 Newton-Schulz steps; backwards 12 steps towards the solution of the
    Lyapunov equation, which is not the derivative of the 12 steps: those have not settled for small eigenvalues."""

    STEPS = 12

    @staticmethod
    def forward(context, matrix):
        size = matrix.norm()
        y, z, eye = matrix / size, torch.eye(len(matrix)), torch.eye(len(matrix))
        for _ in range(Root.STEPS):
            t = 0.5 * (3 * eye - z @ y)
            y, z = y @ t, t @ z
        result = y * size.sqrt()
        context.save_for_backward(result)
        return result

    @staticmethod
    def backward(context, slope):
        (result,) = context.saved_tensors
        size, eye = result.norm(), torch.eye(len(result))
        a, q = result / size, slope / size
        for _ in range(Root.STEPS):
            rest = 3 * eye - a @ a
            q = 0.5 * (q @ rest - a.T @ (a.T @ q - q @ a))
            a = 0.5 * a @ rest
        return 0.5 * q


root = Root.apply


class NormaliseGradient(torch.autograd.Function):
    @staticmethod
    def forward(context, x, strength):
        context.strength = strength
        return x.clone()

    @staticmethod
    def backward(context, g):
        return g / (g.abs().sum() + 1e-8) * context.strength, None


def average(iterates, decay):
    """The running average of all iterates, corrected for its start."""
    value, rest = torch.zeros_like(iterates[0]), 1.0
    for iterate in iterates:
        value, rest = decay * value + (1 - decay) * iterate, rest * decay
    return value / (1 - rest)


def grown(x, mode, size):
    return F.interpolate(x, size, mode=mode, align_corners=False)


def fitted(image, longest, enlarges):
    """The picture with its longer side of that many pixels and the other one rounded to the nearest, as
    style-transfer-pytorch fits pictures: the photo always, style pictures only where they are larger."""
    sides = image.size
    if not enlarges and max(sides) <= longest:
        return image
    return image.resize([round(longest * side / max(sides)) for side in sides], Image.BICUBIC)


def style_start(image, size):
    """The colours that noise of its init `style_stats` begins with, and the moments of such noise."""
    numbers = torch.tensor(np.asarray(image, dtype=np.float32) / 255)
    mean, deviation = numbers.mean((0, 1)), numbers.var((0, 1)).sqrt()
    torch.manual_seed(1)
    moments = []
    for m, d in zip(mean, deviation):
        noise = torch.nn.init.trunc_normal_(torch.empty(size, size), mean=m.item(), std=d.item(), a=0, b=1)
        moments.append([noise.mean().item(), noise.std().item()])
    return moments


def run(recipe, net, content, style, begin=None, remembered=None, count=20):
    """The rows, the iterates and what Adam remembers; begins at `begin` with what Adam `remembered`, if given."""
    space = recipe["space"]
    start, look = space(content) if begin is None else begin, space(style)
    network = recipe.get("network", lambda x: x)
    wanted = recipe["content"] + recipe["style"]
    with torch.no_grad():
        goals = {n: f for n, f in net(network(space(recipe.get("goal", content))), wanted).items()}
        looks = net(network(look), wanted)
    even = recipe.get("normalise", False)

    def held(x, strength):
        return NormaliseGradient.apply(x, strength) if even else x

    def term(x, target):
        if recipe.get("term") == "wasserstein":
            def figures(f):
                return f.mean((2, 3)).reshape(-1), gram(f, "hw")

            def covariance(mean, square):
                return square - mean[:, None] * mean[None, :] + 1e-4 * torch.eye(len(mean))

            (m, s), (tm, ts) = figures(x), figures(target)
            a, b = covariance(m, s), covariance(tm, ts)
            half = root(b)
            cross = root(half @ a @ half)
            return ((m - tm) ** 2).mean() + torch.diag(a + b - 2 * cross).mean()
        d = gram(x, recipe["gram"]) - gram(target, recipe["gram"])
        return (d**2).mean() * recipe.get("style_factor", 1)

    def losses(x):
        now = net(network(x), wanted)
        far = sum(
            ((held(now[n], recipe["content_weight"]) - goals[n]) ** 2).mean() * recipe.get("content_factor", 1)
            for n in recipe["content"]
        )
        weights = recipe.get("layer_weights", [1] * len(recipe["style"]))
        weights = weights if len(weights) > 1 else weights * len(recipe["style"])
        look = sum(
            w * term(held(now[n], recipe["style_weight"]), looks[n]) for w, n in zip(weights, recipe["style"])
        )
        return far, look

    x = start.contiguous().clone().requires_grad_(True)
    rows, iterates = [], [start.clone()]

    def closure():
        if x.grad is not None:
            x.grad = None
        far, look = losses(x)
        total = recipe["content_weight"] * far + recipe["style_weight"] * look
        tv = recipe.get("tv")
        if tv:
            rough = recipe["tv_weight"] * tv(x)
            (total + rough).backward()
            printed = total if recipe.get("tv_hidden") else total + rough
        else:
            total.backward()
            printed = total
        rows.append([printed.item(), far.item(), look.item(), x.grad.norm().item()])
        return printed

    if recipe["method"] == "lbfgs":
        optimizer = torch.optim.LBFGS([x], lr=1, **recipe.get("options", {}))
        while len(rows) < count:
            optimizer.step(closure)
    else:
        optimizer = torch.optim.Adam([x], lr=recipe["lr"], betas=recipe.get("betas", (0.9, 0.999)))
        if remembered:
            optimizer.state[x] = remembered
        for _ in range(count):
            optimizer.step(closure)
            if "clamp" in recipe:
                with torch.no_grad():
                    x.clamp_(*recipe["clamp"])
            iterates.append(x.detach().clone())
    return rows[:count], iterates, optimizer.state[x]


def run_sizes(recipe, net, pictures, tensor):
    """style-transfer-pytorch's sizes: each begins at the average of the iterates of the one before, enlarged, and with
    its Adam averages, enlarged likewise; every size is made of the pictures as they were given."""
    content, style = [picture.crop((0, 0, *side)) for picture, side in zip(pictures, recipe["crops"])]
    begin = remembered = None
    for longest, count in recipe["sizes"]:
        here = tensor(fitted(content, longest, True))
        size = here.shape[2:]
        if begin is not None:
            begin = grown(begin, "bicubic", size).clamp(0, 1)
            remembered = {
                "step": remembered["step"],
                "exp_avg": grown(remembered["exp_avg"], "bicubic", size),
                "exp_avg_sq": grown(remembered["exp_avg_sq"], "bilinear", size).relu(),
            }
        look = tensor(fitted(style, longest, False))
        rows, iterates, remembered = run(recipe, net, here, look, begin, remembered, count)
        begin = average(iterates, 0.99)
    return rows


FIVE = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"]
RECIPES = {
    "gatys-torch": dict(
        net="vgg16", space=lambda x: x, content=["relu3_3"], style=["relu1_1", "relu2_1", "relu3_1", "relu3_3"],
        gram="chw", content_weight=1, style_weight=1e6, method="lbfgs",
    ),
    "gatys-tf": dict(
        net="vgg16", space=caffe, content=["relu4_2"], style=FIVE[:4], layer_weights=[0.25], gram="hw",
        content_weight=1000, style_weight=0.01, method="adam", lr=5, goal="style",
    ),
    "gatys-coursera": dict(
        net="vgg19", pooling="average", space=rgb_mean, content=["relu4_2"], content_factor=0.25, style=FIVE,
        layer_weights=[0.2], gram="hw", style_factor=0.25, content_weight=10, style_weight=40, method="adam", lr=2,
    ),
    "gatys-v1": dict(
        net="vgg16", space=lambda x: x * 255, network=lambda x: caffe(x / 255), content=["relu1_2", "relu2_2"],
        style=["relu4_3"], gram="chw", content_weight=0.1, style_weight=500, method="adam", lr=10,
    ),
    "neural-style": dict(
        net="vgg19", space=bgr_256, content=["relu4_2"], style=FIVE, gram="chw", content_weight=5, style_weight=100,
        tv=squared_interior, tv_weight=0.0005, tv_hidden=True, method="lbfgs",
        options=dict(tolerance_grad=0, tolerance_change=0),
    ),
    "neural-style-normalised": dict(
        net="vgg19", space=bgr_256, content=["relu4_2"], style=FIVE, gram="chw", content_weight=5, style_weight=100,
        tv=squared_interior, tv_weight=0.0005, tv_hidden=True, method="adam", lr=10, normalise=True,
    ),
    "wasserstein": dict(
        net="vgg19", padding="replicate_first", space=lambda x: x, network=caffe, content=["relu3_1"],
        style=FIVE[:3], layer_weights=[0.5, 0.3, 0.2], term="wasserstein", content_weight=0.015, style_weight=1,
        tv=nine_point, tv_weight=2, method="adam", lr=0.02, betas=(0.9, 0.99), clamp=(0, 1), real=True,
    ),
}
RECIPES["wasserstein-sizes"] = dict(RECIPES["wasserstein"], crops=[(48, 48), (48, 48)], sizes=[(34, 10), (48, 20)])
# A photo and a small style picture that are no squares, at sizes 48 / 2^(i/2), the first twice as long.
RECIPES["wasserstein-scales"] = dict(
    RECIPES["wasserstein"], crops=[(48, 37), (30, 28)], sizes=[(24, 20), (34, 10), (48, 20)]
)
RECIPES["wasserstein-l2"] = dict(RECIPES["wasserstein"], pooling="l2")
RECIPES["wasserstein-doubled"] = dict(RECIPES["wasserstein"], pooling="doubled")
# One evaluation per step, a short history, and pixels that go where they will.
RECIPES["wasserstein-lbfgs"] = {
    **{key: value for key, value in RECIPES["wasserstein"].items() if key not in ("lr", "betas", "clamp")},
    "method": "lbfgs",
    "options": dict(max_iter=1, history_size=10),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("content")
    parser.add_argument("style")
    parser.add_argument("out")
    parser.add_argument("--vgg19", help="blocks 1-3 for the recipes that need no more")
    parser.add_argument("--double", action="store_true", help="in double precision: what rounding makes of the rows")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.double:
        torch.set_default_dtype(torch.float64)

    def tensor(image):
        array = np.asarray(image, dtype=np.float32) / 255
        return torch.tensor(array).to(torch.get_default_dtype()).permute(2, 0, 1)[None]

    pictures = [Image.open(path).convert("RGB") for path in (arguments.content, arguments.style)]
    content, style = map(tensor, pictures)
    results = {}
    for name, recipe in RECIPES.items():
        if recipe.get("real") and not arguments.vgg19:
            continue
        weights = safetensors(arguments.vgg19) if recipe.get("real") else None
        if recipe.get("goal") == "style":
            recipe["goal"] = style
        net = VGG(recipe["net"], weights, recipe.get("pooling", "max"), recipe.get("padding", "constant"))
        if "sizes" in recipe:
            results[name] = run_sizes(recipe, net, pictures, tensor)
        else:
            results[name] = run(recipe, net, content, style)[0]
        print(name, results[name][0], results[name][-1])
    results["style-stats"] = style_start(pictures[1], 1000)
    with open(arguments.out, "w") as out:
        json.dump({"columns": ["total", "content", "style", "grad_norm"], **results}, out, indent=1)


if __name__ == "__main__":
    main()
