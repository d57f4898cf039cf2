"""How cost grows with size: the exponent of a power of the size, by least squares on logarithms."""
import json
import os
import statistics

import numpy as np

import models
from contest import GRAPHS, Weft, asset, cores_free, missing, row, settle, timed

TARGET = "exponent ≤ 1.05"


def exponent(sizes, seconds):
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def grown(title, sizes, seconds, free):
    return row(title, ", ".join(f"{1e3 * value:.4g}" for value in seconds), None,
               f"exponent {exponent(sizes, seconds):.3f}", TARGET, [], free)


def medians(contestants, rounds):
    """In turns, so that what else the machine does falls on all of them."""
    for _ in range(rounds + 1):
        for contestant in contestants:
            settle(contestants)
            contestant.turn()
    for contestant in contestants:
        contestant.close()
    return [statistics.median(contestant.seconds[1:]) for contestant in contestants]


def pixels(settings):
    """A step of style transfer on squares."""
    # `weft plan` says 4.1 GB for 2048², and 6.9 GB for all of them, which wait side by side.
    has_room = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") > 10e9
    sides = [128, 256, 512, 1024] + [2048] * has_room
    weights, _ = models.prepare(settings.folder)
    contestants = []
    for side in sides:
        values = ["weights=" + weights, "steps=2"]
        for seed, name in enumerate(["start", "content", "style"]):
            values.append(f"{name}=" + models.tensor(
                settings.folder, f"{name}-{side}x{side}.npy", (1, 3, side, side), seed))
        contestants.append(Weft(settings, os.path.join(GRAPHS, "style-step.json"), values, prefix="paint", steps=2))
    free = cores_free(settings)
    seconds = medians(contestants, max(1, settings.rounds // 3))
    return grown(f"style step on {', '.join(f'{side}²' for side in sides)} pixels", [side ** 2 for side in sides],
                 seconds, free and cores_free(settings))


def faces(settings):
    """Encoding the faces of one picture; a run without any is what the others are compared with."""
    counts = [1, 4, 16, 64]
    title = f"encoding {', '.join(map(str, counts))} faces"
    encoder = asset(settings, "face/mobilefacenet/mobilefacenet.onnx")
    if not encoder:
        return missing(title, TARGET, "no models under --assets")
    random = np.random.default_rng(4)
    contestants = []
    for count in counts:
        graph = os.path.join(settings.folder, f"faces-{count}.json")
        # One node per face, which the engine batches as it does for the faces of a photo.
        names = [os.path.join(settings.folder, f"face-{count}-{index}.npy") for index in range(count)]
        for index, name in enumerate(names):
            np.save(name, random.standard_normal((1, 3, 112, 112)).astype(np.float32))
        listing = os.path.join(settings.folder, f"faces-{count}.txt")
        with open(listing, "w") as file:
            file.write("\n".join(names) + "\n")
        with open(graph, "w") as file:
            json.dump({
                "format": 1, "inputs": {"x": {"type": "list<file>"}},
                "nodes": {
                    "face": {"op": "tensor.load", "each": {"file": "@x"}},
                    "net": {"op": encoder, "each": {"input": "face"}, "batch": "auto"}},
                "outputs": {"y": "net"}}, file)
        contestants.append(Weft(settings, graph, [f"x=@{listing}"], prefix="net"))
    free = cores_free(settings)
    seconds = medians(contestants, settings.rounds)
    return grown(title, counts, seconds, free and cores_free(settings))


def nodes(settings):
    """Graphs of so many nodes, from process start; what one of one node takes is not counted."""
    counts = [10, 100, 1000, 10_000, 100_000]
    commands = []
    for count in [1] + counts:
        graph = os.path.join(settings.folder, f"chain-{count}.json")
        chain = {"n0": {"op": "math.constant", "with": {"shape": [4], "value": 1}}}
        for index in range(1, count):
            chain[f"n{index}"] = {"op": "math.scale", "in": {"x": f"n{index - 1}"}, "with": {"by": 0.999}}
        with open(graph, "w") as file:
            json.dump({"format": 1, "nodes": chain, "outputs": {"y": f"n{count - 1}"}}, file)
        commands.append([settings.weft, "run", graph, "--cache", "off", "--progress", "none", "--jobs",
                         str(settings.threads), "--out", os.path.join(settings.folder, "out")])
    free = cores_free(settings)
    seconds = [[] for _ in commands]
    for _ in range(max(1, settings.rounds // 3) + 1):
        for times, command in zip(seconds, commands):
            times.append(timed(command)[0])
    best = [min(times) for times in seconds]
    # Below ten times the start-up the difference is lost in its noise.
    grown_sizes = [(count, time - best[0]) for count, time in zip(counts, best[1:]) if time > 2 * best[0]]
    text = ", ".join(f"{1e3 * time:.4g}" for time in best[1:])
    slope = exponent(*zip(*grown_sizes)) if len(grown_sizes) > 1 else float("nan")
    return row(f"graphs of {', '.join(map(str, counts))} nodes, whole process", text, None,
               f"exponent {slope:.3f} above a start-up of {1e3 * best[0]:.0f} ms", TARGET, [],
               free and cores_free(settings))


JOBS = {"scaling": lambda settings: [pixels(settings), faces(settings), nodes(settings)]}
