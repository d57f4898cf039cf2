"""Style transfer: one step (loss and gradient), and a whole run with L-BFGS."""
import csv
import os
import statistics
import sys

import numpy as np

import models
from contest import GRAPHS, HERE, Peer, Weft, compare, cores_free, difference, errors, row, timed

GRAPH = os.path.join(GRAPHS, "style-step.json")


def prepare(folder, threads, paths, is_last):
    """The loss of a canvas, and the start."""
    import torch
    torch.set_num_threads(threads)
    net = models.torch_vgg(models.vgg_weights())
    start, content, style = [torch.from_numpy(np.load(path)) for path in paths]
    if is_last:
        net = net.to(memory_format=torch.channels_last)
        start, content, style = [t.to(memory_format=torch.channels_last) for t in (start, content, style)]

    def gram(f):
        _, c, h, w = f.shape
        f = f.reshape(c, h * w)
        return f @ f.T / (c * h * w)

    with torch.no_grad():
        goal = net.taps(content)[models.CONTENT_LAYER]
        found = net.taps(style)
        grams = [gram(found[layer]) for layer in models.STYLE_LAYERS]

    def loss(canvas):
        now = net.taps(canvas)
        look = sum(torch.nn.functional.mse_loss(gram(now[layer]), g) for layer, g in zip(models.STYLE_LAYERS, grams))
        return torch.nn.functional.mse_loss(now[models.CONTENT_LAYER], goal) + 1000 * look
    return loss, start


def contestant(name, threads, folder, arguments):
    loss, start = prepare(folder, threads, arguments, name == "torch-nhwc")

    def run():
        canvas = start.clone().requires_grad_(True)
        total = loss(canvas)
        total.backward()
        return [np.array([total.item(), canvas.grad.norm().item()])]
    return run


def optimise(folder, threads, steps, paths):
    """So many evaluations of L-BFGS from the start; saves the canvas."""
    import torch
    loss, start = prepare(folder, threads, paths, False)
    canvas = start.clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS([canvas], lr=1, max_iter=20, history_size=100)
    count = 0

    class Enough(Exception):
        pass

    def closure():
        nonlocal count
        if count == steps:
            raise Enough
        count += 1
        optimizer.zero_grad()
        total = loss(canvas)
        total.backward()
        return total
    try:
        while True:
            optimizer.step(closure)
    except Enough:
        np.save(os.path.join(folder, "torch-canvas.npy"), canvas.detach().contiguous().numpy())


def inputs(settings, height, width):
    weights, _ = models.prepare(settings.folder)
    names = ["start", "content", "style"]
    paths = [models.tensor(settings.folder, f"{name}-{height}x{width}.npy", (1, 3, height, width), seed)
             for seed, name in enumerate(names)]
    return paths, ["weights=" + weights] + [f"{name}={path}" for name, path in zip(names, paths)]


def step(settings, height, width):
    paths, values = inputs(settings, height, width)
    weft = Weft(settings, GRAPH, values + ["steps=4"], prefix="paint", steps=4)
    peers = [Peer(name, "style", settings, paths) for name in ["torch", "torch-nhwc"]]
    out = os.path.join(settings.folder, "out")
    weft.run(out)
    with open(os.path.join(out, "log.csv")) as file:
        first = list(csv.DictReader(file))[0]
    mine = [float(first["total"]), float(first["grad_norm"])]
    found = errors(settings, peers, lambda theirs: max(difference([a], [b]) for a, b in zip(mine, theirs[0])))
    return [compare(f"style step, {height}×{width}", settings, weft, peers, found, "≥ 4.0")]


def whole(settings):
    """100 evaluations with L-BFGS from process start to the saved canvas."""
    paths, values = inputs(settings, 512, 512)
    free = cores_free(settings)
    pairs = []
    for _ in range(settings.long_rounds):
        mine = timed([settings.weft, "run", GRAPH, *values, "steps=100", "method=lbfgs", "lr=1", "--cache", "off",
                      "--progress", "none", "--jobs", str(settings.threads), "--out",
                      os.path.join(settings.folder, "out")])
        other = timed([sys.executable, "-c",
                       f"import sys; sys.path.insert(0, {HERE!r})\nfrom jobs.style import optimise\n"
                       f"optimise({settings.folder!r}, {settings.threads}, 100, {paths!r})"])
        pairs.append((mine, other))
    free = free and cores_free(settings)
    times = sorted(other[0] / mine[0] for mine, other in pairs)
    memory = statistics.median(mine[1] / other[1] for mine, other in pairs)
    return [row(
        "style, 100 evaluations of L-BFGS, 512×512, whole process",
        f"{1e3 * statistics.median(mine[0] for mine, _ in pairs):.0f}",
        f"torch {1e3 * statistics.median(other[0] for _, other in pairs):.0f}",
        f"{statistics.median(times):.2f} ({times[0]:.2f}–{times[-1]:.2f}) against torch, peak memory "
        f"{100 * memory:.0f} %", "≥ 4.5, ≤ 60 %", [], free)]


JOBS = {"style-256": lambda settings: step(settings, 256, 512), "style-512": lambda settings: step(settings, 512, 512),
        "style-run": whole}
