"""Times Weft beside the programs people would use instead, in turns within one run, and writes a Markdown table.

usage: run.py WEFT [--rounds N] [--threads N] [--folder DIR] [--assets DIR] [--output FILE] [JOB...]
"""
import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import time

import numpy as np

import models

HERE = os.path.dirname(os.path.abspath(__file__))


class Peer:
    """A worker process that does a job once per line."""

    def __init__(self, name, job, settings, arguments):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "worker.py"), name, job, str(settings.threads), settings.folder]
            + arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.seconds = []
        self.alive = self.line() == "ready"

    def line(self):
        while True:
            line = self.process.stdout.readline()
            if not line:
                return None
            line = line.strip()
            if line == "ready" or line == "saved" or line.replace(".", "").replace("e-", "").isdigit():
                return line

    def ask(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.line()

    def turn(self):
        self.seconds.append(float(self.ask("run")))

    def check(self, path):
        self.ask("check " + path)
        with np.load(path) as values:
            return [values[name] for name in values.files]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Weft:
    """`weft bench --paced`: one run of a graph per line. `prefix` selects the nodes that count, `steps` divides."""

    def __init__(self, settings, graph, values, prefix="", steps=1):
        self.name, self.prefix, self.steps, self.seconds = "weft", prefix, steps, []
        self.command = [graph] + values
        self.settings = settings
        self.process = subprocess.Popen(
            [settings.weft, "bench", *self.command, "--paced", "--json", "--runs", "1000", "--jobs",
             str(settings.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        # The first run compiles.
        self.alive = self.once() is not None

    def once(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            print(self.process.stderr.read(), file=sys.stderr)
            return None
        nodes = json.loads(line)["nodes"]
        return sum(node["seconds"] for node in nodes if node["path"].startswith(self.prefix)) / self.steps

    def turn(self):
        self.seconds.append(self.once())

    def run(self, out, *more):
        subprocess.run([self.settings.weft, "run", *self.command, *more, "--cache", "off", "--progress", "none", "--out",
                        out], check=True, stdout=subprocess.DEVNULL)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def machine(threads):
    words = subprocess.run([sys.executable, os.path.join(HERE, "machine.py"), str(threads)], capture_output=True,
                           text=True, check=True).stdout.split()
    return float(words[0]), float(words[1])


def cores_free(settings):
    """Whether products scale with the threads, which they do unless others use the cores."""
    one, several = machine(1)[0], machine(settings.threads)[0]
    return several / one > 0.85 * settings.threads


def difference(a, b):
    """RMS of the difference relative to the RMS of the second."""
    a, b = np.asarray(a, np.float64).ravel(), np.asarray(b, np.float64).ravel()
    return float("inf") if a.size != b.size else float(np.sqrt(np.mean((a - b) ** 2) / max(np.mean(b ** 2), 1e-30)))


def compare(title, settings, weft, peers, errors, target):
    """Rounds in turn; a row of the table."""
    everyone = [weft] + [peer for peer in peers if peer.alive]
    free = cores_free(settings)
    for round_ in range(settings.rounds + 1):
        for contestant in everyone[round_ % len(everyone):] + everyone[:round_ % len(everyone)]:
            contestant.turn()
    free = free and cores_free(settings)
    for contestant in everyone:
        # The first round warms up.
        contestant.seconds = contestant.seconds[1:]
    others = everyone[1:]
    cells = [f"{peer.name} {1e3 * statistics.median(peer.seconds):.1f}" for peer in others]
    ratio = None
    if others:
        best = min(others, key=lambda peer: statistics.median(peer.seconds))
        ratios = sorted(b / w for b, w in zip(best.seconds, weft.seconds))
        ratio = statistics.median(ratios)
        spread = f"{ratio:.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f}) against {best.name}"
    for contestant in everyone:
        contestant.close()
    row = [title, f"{1e3 * statistics.median(weft.seconds):.1f}", ", ".join(cells) or "–", spread if others else "–",
           target, f"{max(errors):.0e}" if errors else "–", "yes" if free else "**no**"]
    print("| " + " | ".join(row) + " |", file=sys.stderr)
    return row


def forward(settings):
    weights, onnx = models.prepare(settings.folder)
    x = models.tensor(settings.folder, "picture-512.npy", (1, 3, 512, 512), 1)
    weft = Weft(settings, os.path.join(HERE, "graphs/vgg19-forward.json"), ["weights=" + weights, "x=" + x])
    peers = [Peer(name, "forward", settings, [x, onnx]) for name in ["onnxruntime", "openvino", "torch", "torch-nhwc"]]
    out = os.path.join(settings.folder, "out")
    weft.run(out)
    mine = np.load(os.path.join(out, "y.npy"))
    errors = [difference(mine, peer.check(os.path.join(settings.folder, "check.npz"))[0])
              for peer in peers if peer.alive]
    return compare("VGG-19 to relu5_1, 512×512", settings, weft, peers, errors, "≥ 3.0")


def style(settings, height, width):
    weights, _ = models.prepare(settings.folder)
    size = f"{height}x{width}"
    paths = [models.tensor(settings.folder, f"{name}-{size}.npy", (1, 3, height, width), seed)
             for seed, name in enumerate(["start", "content", "style"])]
    values = ["weights=" + weights] + [f"{name}={path}" for name, path in zip(["start", "content", "style"], paths)]
    graph = os.path.join(HERE, "graphs/style-step.json")
    weft = Weft(settings, graph, values + ["steps=4"], prefix="paint", steps=4)
    peers = [Peer(name, "style", settings, paths) for name in ["torch", "torch-nhwc"]]
    out = os.path.join(settings.folder, "out")
    weft.run(out)
    with open(os.path.join(out, "log.csv")) as file:
        first = list(csv.DictReader(file))[0]
    mine = [float(first["total"]), float(first["grad_norm"])]
    errors = [max(difference([a], [b]) for a, b in zip(mine, peer.check(os.path.join(settings.folder, "check.npz"))[0]))
              for peer in peers if peer.alive]
    return compare(f"style step, {height}×{width}", settings, weft, peers, errors, "≥ 4.0")


def train_step(settings):
    """A step of training: forward, backward and update."""
    weights, pictures, classes = models.training(settings.folder)
    values = ["weights=" + weights, "x=" + pictures, "labels=" + classes]
    graph = os.path.join(HERE, "graphs/train-step.json")
    weft = Weft(settings, graph, values, prefix="train", steps=4)
    peers = [Peer(name, "train", settings, [weights, pictures, classes]) for name in ["torch", "torch-nhwc"]]
    out = os.path.join(settings.folder, "out")
    weft.run(out, "dropout=0", "steps=1")
    with open(os.path.join(out, "log.csv")) as file:
        first = list(csv.DictReader(file))[0]
    mine = [float(first["loss"]), float(first["grad_norm"])]
    errors = [max(difference([a], [b]) for a, b in zip(mine, peer.check(os.path.join(settings.folder, "check.npz"))[0]))
              for peer in peers if peer.alive]
    return compare("training step, VGG-19-BN on CIFAR-10, batch 128", settings, weft, peers, errors, "≥ 2.0")


def timed(command):
    """Seconds and peak bytes of a whole process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{command[0]} failed")
    return time.perf_counter() - begin, usage.ru_maxrss * 1024


def style_run(settings):
    """100 evaluations with L-BFGS from process start to the saved canvas."""
    weights, _ = models.prepare(settings.folder)
    paths = [models.tensor(settings.folder, f"{name}-512x512.npy", (1, 3, 512, 512), seed)
             for seed, name in enumerate(["start", "content", "style"])]
    values = ["weights=" + weights] + [f"{name}={path}" for name, path in zip(["start", "content", "style"], paths)]
    graph = os.path.join(HERE, "graphs/style-step.json")
    free = cores_free(settings)
    pairs = []
    for _ in range(settings.long_rounds):
        mine = timed([settings.weft, "run", graph, *values, "steps=100", "method=lbfgs", "lr=1", "--cache", "off",
                      "--progress", "none", "--jobs", str(settings.threads), "--out",
                      os.path.join(settings.folder, "out")])
        other = timed([sys.executable, os.path.join(HERE, "worker.py"), "torch", "style-run", str(settings.threads),
                       settings.folder, "100", *paths])
        pairs.append((mine, other))
    free = free and cores_free(settings)
    ratios = sorted(other[0] / mine[0] for mine, other in pairs)
    memory = statistics.median(mine[1] / other[1] for mine, other in pairs)
    row = ["style, 100 evaluations of L-BFGS, 512×512, whole process",
           f"{1e3 * statistics.median(mine[0] for mine, _ in pairs):.0f}",
           f"torch {1e3 * statistics.median(other[0] for _, other in pairs):.0f}",
           f"{statistics.median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f}) against torch, peak memory "
           f"{100 * memory:.0f} %", "≥ 4.5, ≤ 60 %", "–", "yes" if free else "**no**"]
    print("| " + " | ".join(row) + " |", file=sys.stderr)
    return row


def network(settings, title, file, name, shape, output, target):
    """An ONNX model as it is, against the programs that run ONNX."""
    path = os.path.join(settings.assets, file)
    x = models.tensor(settings.folder, title.replace("×", "x").replace(" ", "-") + ".npy", shape, 5)
    weft = Weft(settings, path, [f"{name}={x}"])
    if not weft.alive:
        return [title, "–", "–", "not run", target, "–", "–"]
    peers = [Peer(peer, "network", settings, [x, path]) for peer in ["onnxruntime", "openvino"]]
    out = os.path.join(settings.folder, "out")
    weft.run(out)
    mine = np.load(os.path.join(out, output + ".npy"))
    errors = [difference(mine, peer.check(os.path.join(settings.folder, "check.npz"))[0])
              for peer in peers if peer.alive]
    return compare(title, settings, weft, peers, errors, target)


JOBS = {
    "forward": forward,
    "style-256": lambda s: style(s, 256, 512),
    "style-512": lambda s: style(s, 512, 512),
    "style-run": style_run,
    "train-step": train_step,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weft")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--long-rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", default=os.path.expanduser("~/.cache/weft/bench"))
    parser.add_argument("--assets", default=os.environ.get("WEFT_ASSETS", ""))
    parser.add_argument("--output")
    parser.add_argument("jobs", nargs="*", default=[])
    settings = parser.parse_intermixed_args()
    os.makedirs(settings.folder, exist_ok=True)
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    one, several = machine(1), machine(settings.threads)
    lines = [f"{model}, {platform.system()} {platform.release()}, {settings.threads} threads, fp32. The machine gave "
             f"{one[0]:.0f} / {several[0]:.0f} GFLOP/s (sgemm, 1 / {settings.threads} threads) and {one[1]:.0f} / "
             f"{several[1]:.0f} GB/s (copy). Medians of {settings.rounds} rounds taken in turn; ratios are paired.", "",
             "| job | weft, ms | others, ms | times faster | target | difference | cores free |",
             "|---|---|---|---|---|---|---|"]
    for job in settings.jobs or JOBS:
        lines.append("| " + " | ".join(JOBS[job](settings)) + " |")
    text = "\n".join(lines) + "\n"
    print(text)
    if settings.output:
        with open(settings.output, "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
